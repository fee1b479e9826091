//! The HTML form of a page: one column that needs nothing from outside, for phones and desks, in light and in dark.
//! What is said is decided in `page`; the form itself is `layout/mail.html`.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};

use super::page::Page;

const LAYOUT: &str = include_str!("../layout/mail.html");

/// Writes a page as an HTML document.
pub(super) fn html(page: &Page) -> String {
    static LAYOUTS: LazyLock<Environment<'static>> = LazyLock::new(|| {
        let mut layouts = Environment::new();
        layouts.set_auto_escape_callback(|_| AutoEscape::Html);
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        layouts.set_syntax(syntax.expect("the usual delimiters with less white space are valid"));
        layouts
            .add_template("mail", LAYOUT)
            .expect("the layout is part of the program and every test of a mail reads it");
        layouts
    });
    LAYOUTS
        .get_template("mail")
        .and_then(|layout| layout.render(Serde(page)))
        .expect("the layout reads fields that every page has, which the tests of mails hold")
}
