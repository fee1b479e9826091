//! Closures remember nothing: what they take from around them is a copy, and none is kept that takes anything.
//! A script could otherwise count its calls, or tie values into knots that are never freed.

use std::ptr;

use rhai::{AST, ASTNode, Dynamic, Expr, FnPtr, Stmt};

use super::explain::Explained;
use super::vocabulary::WORDS;

/// The words that are given a closure first and do not keep it where a script could reach it again.
const TAKERS: &[&str] = &[
    "when",
    "remind",
    "escalate",
    "notify",
    "all",
    "some",
    "filter",
    "find",
    "find_map",
    "map",
    "for_each",
    "index_of",
    "reduce",
    "reduce_rev",
    "sort",
    "sort_by",
    "order",
    "order_by",
    "dedup",
    "drain",
    "retain",
];

/// Finds closures that use a variable from around them and are kept in a variable, a list or as an answer, and
/// functions that have the name of a word, which would then no longer do what the language says.
pub(super) fn check(ast: &AST, found: &mut Vec<Explained>) {
    kept(ast, found);
    let taken = |name: &str| TAKERS.contains(&name) || WORDS.iter().any(|word| word.name == name);
    for function in ast.iter_fn_def().filter(|function| taken(&function.name)) {
        let name = &function.name;
        let message =
            format!("`{name}` is a word of the language, so no function can have its name");
        let help = "give the function another name";
        found.push(Explained::at(function.body.start_position(), message, Some(help.into())));
    }
}

fn kept(ast: &AST, found: &mut Vec<Explained>) {
    ast.walk(&mut |path| {
        // Rhai makes `share variables; curry(closure, variables)` of such a closure, a block that is an expression.
        if let [outer @ .., ASTNode::Expr(block), ASTNode::Stmt(Stmt::Expr(_)), last] = path
            && let ASTNode::Expr(Expr::FnCall(call, position)) = last
            && call.name == "curry"
            && let Some(Expr::Variable(variable, ..)) = call.args.get(1)
        {
            let taken = matches!(
                outer.last(),
                Some(ASTNode::Expr(Expr::MethodCall(taker, _))) if TAKERS.contains(&&*taker.name)
                    && taker.args.first().is_some_and(|first| ptr::eq(first, *block))
            );
            if !taken {
                let message =
                    format!("a closure that uses `{}` from outside cannot be kept", variable.1);
                let help = "write it where it is needed, as in `.when(|d| …)`";
                found.push(Explained::at(*position, message, Some(help.into())));
            }
        }
        true
    });
}

/// Gives `closure` copies of the variables that it uses from around it.
pub(super) fn copied(mut closure: FnPtr) -> FnPtr {
    closure.iter_curry_mut().for_each(|value| *value = Dynamic::flatten_clone(value));
    closure
}
