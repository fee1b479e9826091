//! Comparisons that can never hold, since Rhai answers false without a word when two kinds of value differ.
//! Whether a text that is compared stands in the plan at all is another question.

use rhai::{AST, ASTNode, Expr};

use super::explain::Explained;
use super::facts::{Answers, DEADLINE, MEASURE, PLAN, Property};

/// What a property or a literal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Text,
    Number,
    Truth,
    Date,
    List,
}

/// Finds properties that are compared with a literal of another kind.
pub(super) fn check(ast: &AST, found: &mut Vec<Explained>) {
    ast.walk(&mut |path| {
        if let Some(ASTNode::Expr(Expr::FnCall(call, position))) = path.last()
            && call.op_token.is_some()
            && ["==", "!=", "<", "<=", ">", ">="].contains(&&*call.name)
            && let [a, b] = &*call.args
        {
            let told = mismatch(a, b).or_else(|| mismatch(b, a));
            found.extend(told.map(|(what, help)| Explained::at(*position, what, Some(help))));
        }
        true
    });
}

fn mismatch(property: &Expr, literal: &Expr) -> Option<(String, String)> {
    let name = last_property(property)?;
    let (is, with) = (sort_of(name)?, sort_of_literal(literal)?);
    if is == with {
        return None;
    }
    let help = match (is, with, literal) {
        (Sort::List, Sort::Text, Expr::StringConstant(text, _)) => {
            format!("write `d.{name}.contains(\"{text}\")`")
        }
        (Sort::Date, Sort::Text, Expr::StringConstant(text, _)) => {
            format!("write `date(\"{text}\")`")
        }
        (Sort::List, ..) => format!("ask for its length, `d.{name}.len()`, or an entry"),
        (Sort::Date, ..) => "write `date(\"2011-05-01\")`".to_owned(),
        (Sort::Number | Sort::Truth, Sort::Text, _) => "leave out the quotation marks".to_owned(),
        (Sort::Truth, ..) => format!("write `d.{name}` or `!d.{name}`"),
        (Sort::Text, ..) => "write it in quotation marks".to_owned(),
        (Sort::Number, ..) => "write a number".to_owned(),
    };
    Some((format!("`{name}` is {}, and here it is compared with {}", is.word(), with.word()), help))
}

/// Returns the property that an expression ends in, unless it goes through the plan's free data.
fn last_property(expression: &Expr) -> Option<&str> {
    let Expr::Dot(pair, ..) = expression else { return None };
    let mut rest = &pair.rhs;
    while let Expr::Dot(pair, ..) = rest {
        if matches!(&pair.lhs, Expr::Property(property, _) if property.2 == "data") {
            return None;
        }
        rest = &pair.rhs;
    }
    match rest {
        Expr::Property(property, _) => Some(&property.2),
        _ => None,
    }
}

/// What a property is; all that have one name are of one kind.
fn sort_of(name: &str) -> Option<Sort> {
    fn find<T>(properties: &[Property<T>], name: &str) -> Option<Answers> {
        properties.iter().find(|property| property.name == name).map(|property| property.answers)
    }
    let answers =
        find(DEADLINE, name).or_else(|| find(MEASURE, name)).or_else(|| find(PLAN, name))?;
    Some(match answers {
        Answers::Text | Answers::MaybeText => Sort::Text,
        Answers::MaybeNumber => Sort::Number,
        Answers::Truth => Sort::Truth,
        Answers::Date | Answers::MaybeDate => Sort::Date,
        Answers::Texts | Answers::Measures | Answers::Deadlines => Sort::List,
        Answers::Data | Answers::Measure => return None,
    })
}

fn sort_of_literal(literal: &Expr) -> Option<Sort> {
    match literal {
        Expr::StringConstant(..) => Some(Sort::Text),
        Expr::IntegerConstant(..) => Some(Sort::Number),
        Expr::BoolConstant(..) => Some(Sort::Truth),
        _ => None,
    }
}

impl Sort {
    fn word(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Truth => "true or false",
            Self::Date => "a date",
            Self::List => "a list",
        }
    }
}
