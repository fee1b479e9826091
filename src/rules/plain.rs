//! Plain conditions: comparisons of properties with texts, numbers and `()`, `.is_empty()` and `.contains("…")`, joined by
//! `&&`, `||` and `!`.
//! They are answered here in a tenth of the time that Rhai takes for them. Whatever is not as plain as that, while a
//! file is read or while a deadline is looked at, is left to Rhai, so that there is one meaning.

use std::collections::{BTreeMap, BTreeSet};

use rhai::{AST, ASTNode, Dynamic, Expr, ImmutableString, Position, Stmt};

use super::Over;
use super::facts::{Facts, Reader};
use super::vocabulary::DraftScript;

/// A condition that can be answered without Rhai.
#[derive(Debug, Clone)]
pub(super) enum Plain {
    All(Vec<Plain>),
    Any(Vec<Plain>),
    Not(Box<Plain>),
    Compare(Operator, Value, Value),
    Holds(Value),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Operator {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone)]
pub(super) enum Value {
    Literal(Dynamic),
    Property(Reader),
    IsEmpty(Reader),
    Contains(Reader, ImmutableString),
}

/// The closures of a file that are one expression, by the place of that expression.
pub(super) struct Expressions(BTreeMap<(usize, usize), Expr>);

impl Expressions {
    pub(super) fn of(ast: &AST) -> Self {
        // A function of one's own may stand for what is asked here.
        if ast.iter_fn_def().any(|function| ["is_empty", "contains"].contains(&&*function.name)) {
            return Self(BTreeMap::new());
        }
        let bodies: BTreeSet<_> = ast
            .iter_fn_def()
            .filter_map(|function| place(function.body.start_position()))
            .collect();
        let mut found = BTreeMap::new();
        ast.walk(&mut |path| {
            if let [ASTNode::Stmt(statement @ Stmt::Expr(expression))] = path
                && let Some(at) = place(statement.position()).filter(|at| bodies.contains(at))
            {
                found.insert(at, (**expression).clone());
            }
            true
        });
        Self(found)
    }

    /// Returns a closure as a plain condition, if it is one.
    pub(super) fn plain(&self, script: &DraftScript, over: Over) -> Option<Plain> {
        let library = script.global.lib.first()?;
        let function = library.get_script_fn(script.function.fn_name(), 1)?;
        let expression = self.0.get(&place(function.body.start_position())?)?;
        plain(expression, function.params.first()?, over)
    }
}

fn place(position: Position) -> Option<(usize, usize)> {
    Some((position.line()?, position.position()?))
}

fn plain(expression: &Expr, parameter: &ImmutableString, over: Over) -> Option<Plain> {
    let each = |parts: &[Expr]| {
        parts.iter().map(|part| plain(part, parameter, over)).collect::<Option<Vec<_>>>()
    };
    let value = |expression| value(expression, parameter, over);
    match expression {
        Expr::And(parts, _) => Some(Plain::All(each(parts)?)),
        Expr::Or(parts, _) => Some(Plain::Any(each(parts)?)),
        Expr::FnCall(call, _) if call.op_token.is_some() => match &*call.args {
            [inner] if call.name == "!" => {
                Some(Plain::Not(Box::new(plain(inner, parameter, over)?)))
            }
            [a, b] => Some(Plain::Compare(operator(&call.name)?, value(a)?, value(b)?)),
            _ => None,
        },
        other => Some(Plain::Holds(value(other)?)),
    }
}

fn operator(name: &str) -> Option<Operator> {
    Some(match name {
        "==" => Operator::Equal,
        "!=" => Operator::Unequal,
        "<" => Operator::Less,
        "<=" => Operator::LessOrEqual,
        ">" => Operator::Greater,
        ">=" => Operator::GreaterOrEqual,
        _ => return None,
    })
}

fn value(expression: &Expr, parameter: &ImmutableString, over: Over) -> Option<Value> {
    Some(match expression {
        Expr::StringConstant(text, _) => Value::Literal(text.clone().into()),
        Expr::IntegerConstant(number, _) => Value::Literal((*number).into()),
        Expr::BoolConstant(truth, _) => Value::Literal((*truth).into()),
        Expr::Unit(_) => Value::Literal(Dynamic::UNIT),
        Expr::Dot(pair, ..) => match &pair.lhs {
            Expr::Variable(variable, ..) if variable.1 == *parameter => asked(&pair.rhs, over)?,
            _ => return None,
        },
        _ => return None,
    })
}

/// Returns what follows the parameter's dot: a property, or a question to one.
fn asked(expression: &Expr, over: Over) -> Option<Value> {
    let reader = |expression: &Expr| match expression {
        Expr::Property(property, _) => Reader::of(over, &property.2),
        _ => None,
    };
    let Expr::Dot(pair, ..) = expression else { return Some(Value::Property(reader(expression)?)) };
    let Expr::MethodCall(call, _) = &pair.rhs else { return None };
    match (&*call.name, &*call.args) {
        ("is_empty", []) => Some(Value::IsEmpty(reader(&pair.lhs)?)),
        ("contains", [Expr::StringConstant(text, _)]) => {
            Some(Value::Contains(reader(&pair.lhs)?, text.clone()))
        }
        _ => None,
    }
}

impl Plain {
    /// Answers the condition; `None` if Rhai has to.
    pub(super) fn ask(&self, facts: &Facts) -> Option<bool> {
        match self {
            Self::All(parts) => {
                for part in parts {
                    if !part.ask(facts)? {
                        return Some(false);
                    }
                }
                Some(true)
            }
            Self::Any(parts) => {
                for part in parts {
                    if part.ask(facts)? {
                        return Some(true);
                    }
                }
                Some(false)
            }
            Self::Not(part) => part.ask(facts).map(|holds| !holds),
            Self::Holds(value) => value.read(facts)?.as_bool().ok(),
            Self::Compare(operator, a, b) => operator.compare(&a.read(facts)?, &b.read(facts)?),
        }
    }
}

impl Value {
    fn read(&self, facts: &Facts) -> Option<Dynamic> {
        match self {
            Self::Literal(literal) => Some(literal.clone()),
            Self::Property(reader) => reader.read(facts),
            Self::IsEmpty(reader) => {
                let value = reader.read(facts)?;
                if let Ok(list) = value.as_array_ref() {
                    return Some(list.is_empty().into());
                }
                let text = value.as_immutable_string_ref().ok()?;
                Some(text.is_empty().into())
            }
            Self::Contains(reader, wanted) => {
                let value = reader.read(facts)?;
                if let Ok(text) = value.as_immutable_string_ref() {
                    return Some(text.contains(wanted.as_str()).into());
                }
                let list = value.as_array_ref().ok()?;
                let mut found = false;
                for entry in &*list {
                    found |= *entry.as_immutable_string_ref().ok()? == *wanted;
                }
                Some(found.into())
            }
        }
    }
}

impl Operator {
    fn compare(self, a: &Dynamic, b: &Dynamic) -> Option<bool> {
        let ordering = if let (Ok(a), Ok(b)) = (a.as_int(), b.as_int()) {
            a.cmp(&b)
        } else if let (Ok(a), Ok(b)) = (a.as_immutable_string_ref(), b.as_immutable_string_ref()) {
            a.as_str().cmp(b.as_str())
        } else if a.is_unit() != b.is_unit() {
            // Nothing is unequal to everything else, and neither more nor less.
            return match self {
                Self::Equal => Some(false),
                Self::Unequal => Some(true),
                _ => None,
            };
        } else {
            return None;
        };
        Some(match self {
            Self::Equal => ordering.is_eq(),
            Self::Unequal => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        })
    }
}

#[cfg(test)]
mod tests;
