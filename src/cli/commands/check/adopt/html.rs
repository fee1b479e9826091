//! The page for a browser and for a sheet of paper: one file that needs nothing from outside.
//! What stands on it is decided in `page`; the form itself is `page.html`.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, context};

use super::page::Page;

/// Writes the pages of all plans as one document.
pub(super) fn html(pages: &[Page]) -> String {
    static LAYOUTS: LazyLock<Environment<'static>> = LazyLock::new(|| {
        let mut layouts = Environment::new();
        layouts.set_auto_escape_callback(|_| AutoEscape::Html);
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        layouts.set_syntax(syntax.expect("the usual delimiters with less white space are valid"));
        layouts
            .add_template("page", include_str!("page.html"))
            .expect("the layout is part of the program, and the tests of the page read it");
        layouts
    });
    LAYOUTS
        .get_template("page")
        .and_then(|layout| layout.render(context! { pages => Serde(pages) }))
        .expect("the layout reads fields that every page has, which the tests hold")
}
