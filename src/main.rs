//! The program: hands over to `frist::cli`.

fn main() {}
