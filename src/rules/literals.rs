//! What scripts compare properties with: `d.kind == "summary"`, `"x" in d.responsible`, `d.tags.contains("x")`.
//! Whether anything in a plan has such a value is asked in `advice`.

use std::sync::Arc;

use rhai::{AST, ASTNode, Dynamic, Expr, FnCallExpr, Position, Stmt};

/// A text that a script compares a property with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// The property, such as `kind`.
    pub property: String,
    /// The text.
    pub value: String,
    /// The file.
    pub file: Arc<str>,
    /// The line of the text, or of the list in which it stands, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Returns every text that `ast` compares a property with, in the order in which they stand.
pub(super) fn literals(ast: &AST, file: &Arc<str>) -> Vec<Literal> {
    let mut found = Vec::new();
    ast.walk(&mut |path| {
        // What the plan's free data means is the plan's.
        if path
            .iter()
            .any(|node| matches!(node, ASTNode::Expr(Expr::Dot(dot, ..)) if is_data(&dot.lhs)))
        {
            return true;
        }
        let compared = match path.last() {
            Some(ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _))) => {
                compared(call)
            }
            Some(ASTNode::Expr(Expr::Dot(dot, ..))) => asked_of_list(&dot.lhs, &dot.rhs),
            _ => None,
        };
        let Some((property, texts)) = compared else { return true };
        found.extend(texts.into_iter().map(|(value, position)| Literal {
            property: property.to_owned(),
            value,
            file: file.clone(),
            line: position.line().unwrap_or(1),
            column: position.position().unwrap_or(1),
        }));
        true
    });
    found.sort_by_key(|literal| (literal.line, literal.column));
    found.dedup();
    found
}

/// Reads `d.kind == "x"`, either way around, and `"x" in d.tags`.
fn compared(call: &FnCallExpr) -> Option<(&str, Vec<(String, Position)>)> {
    // `a in b` is read as `contains(b, a)`.
    let ("==" | "!=" | "contains", [one, other]) = (&*call.name, &call.args[..]) else {
        return None;
    };
    match (property(one), property(other)) {
        (Some(property), None) => Some((property, texts(other))),
        (None, Some(property)) => Some((property, texts(one))),
        _ => None,
    }
}

/// Returns the property at the end of `d.kind` or `d.measure.id`.
fn property(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Dot(dot, ..) if is_data(&dot.lhs) => None,
        Expr::Dot(dot, ..) => property(&dot.rhs),
        Expr::Property(property, _) => Some(&property.2),
        _ => None,
    }
}

fn is_data(expression: &Expr) -> bool {
    matches!(expression, Expr::Property(property, _) if property.2 == "data")
}

/// Reads `d.tags.contains("x")`, which is `d` and `tags.contains("x")`, and `["a", "b"].contains(d.kind)`.
fn asked_of_list<'e>(
    left: &'e Expr,
    right: &'e Expr,
) -> Option<(&'e str, Vec<(String, Position)>)> {
    let Expr::MethodCall(call, _) = right else { return None };
    let ("contains", [asked]) = (&*call.name, &call.args[..]) else { return None };
    match (property(left), property(asked)) {
        (Some(property), None) => Some((property, texts(asked))),
        (None, Some(property)) => Some((property, texts(left))),
        _ => None,
    }
}

/// Returns the texts in a constant: itself, or those of a list.
fn texts(expression: &Expr) -> Vec<(String, Position)> {
    match expression {
        Expr::StringConstant(text, position) => vec![(text.to_string(), *position)],
        Expr::Array(entries, _) => entries.iter().flat_map(texts).collect(),
        Expr::DynamicConstant(value, position) => texts_of(value, *position),
        _ => Vec::new(),
    }
}

/// A list of constants alone is one constant, and where its texts stood is forgotten.
fn texts_of(value: &Dynamic, position: Position) -> Vec<(String, Position)> {
    if let Ok(text) = value.as_immutable_string_ref() {
        return vec![(text.to_string(), position)];
    }
    let Ok(list) = value.as_array_ref() else { return Vec::new() };
    list.iter().flat_map(|entry| texts_of(entry, position)).collect()
}
