//! Mail: what a message says and how it leaves the house.
//! Which notices it carries is decided in `schedule`; when it is tried again in `daemon`.

pub mod letter;
pub mod message;

pub use letter::Letter;
pub use message::{Delivery, Message};
