//! Functions of Rhai's that could take any amount of memory, stack or time in one step, replaced by ones that cannot.
//! The bounds that Rhai keeps itself are set in `engine`, operations and time in `purse`.

#![allow(clippy::needless_pass_by_value, reason = "Rhai hands arguments over by value")]

use std::fmt::Write;
use std::slice;

use rhai::{
    Array, Dynamic, Engine, EvalAltResult, FnPtr, ImmutableString, Map, NativeCallContext, Position,
};

use super::vocabulary::complain;

/// How deep lists and maps may nest to be compared or written as text; each level takes stack.
const DEPTH: usize = 32;

type Answer<T> = Result<T, Box<EvalAltResult>>;

/// Registers them; what an engine knows by itself comes before what packages know.
pub(super) fn register(engine: &mut Engine) {
    engine
        .register_fn("replace", replace::<&str, &str>)
        .register_fn("replace", replace::<&str, char>)
        .register_fn("replace", replace::<char, &str>)
        .register_fn("replace", replace::<char, char>)
        .register_fn(
            "pad",
            |context: NativeCallContext, text: &mut ImmutableString, length, with: char| {
                pad(&context, text, length, &with.to_string())
            },
        )
        .register_fn(
            "pad",
            |context: NativeCallContext, text: &mut ImmutableString, length, with: &str| {
                pad(&context, text, length, with)
            },
        )
        .register_fn("map", map_list)
        .register_fn("map", map_map)
        .register_fn("zip", zip)
        .register_fn("==", |context: NativeCallContext, a: Array, b: Array| {
            equal(&context, &a.into(), &b.into(), 0)
        })
        .register_fn("!=", |context: NativeCallContext, a: Array, b: Array| {
            equal(&context, &a.into(), &b.into(), 0).map(|equal| !equal)
        })
        .register_fn("==", |context: NativeCallContext, a: Map, b: Map| {
            equal(&context, &a.into(), &b.into(), 0)
        })
        .register_fn("!=", |context: NativeCallContext, a: Map, b: Map| {
            equal(&context, &a.into(), &b.into(), 0).map(|equal| !equal)
        });
    for name in ["print", "debug", "to_string", "to_debug"] {
        engine
            .register_fn(name, |context: NativeCallContext, list: Array| {
                text_of(&context, list.into())
            })
            .register_fn(name, |context: NativeCallContext, map: Map| {
                text_of(&context, map.into())
            });
    }
    engine.register_fn("to_json", |context: NativeCallContext, map: Map| {
        text_of(&context, map.into())
    });
}

/// The entries of lists and maps and the bytes of texts in a value, those of values within it included.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Size {
    pub(super) entries: usize,
    pub(super) bytes: usize,
}

impl Size {
    pub(super) fn of(value: &Dynamic) -> Self {
        let mut size = Self::default();
        size.add(value);
        size
    }

    fn add(&mut self, value: &Dynamic) {
        if let Ok(list) = value.as_array_ref() {
            self.entries += list.len();
            list.iter().for_each(|entry| self.add(entry));
        } else if let Ok(map) = value.as_map_ref() {
            self.entries += map.len();
            map.values().for_each(|entry| self.add(entry));
        } else if let Ok(text) = value.as_immutable_string_ref() {
            self.bytes += text.len();
        }
    }

    /// Adds one more entry to what grows, while it fits.
    fn grow(&mut self, engine: &Engine, entry: &Dynamic) -> Answer<()> {
        self.entries += 1;
        self.add(entry);
        let too_large = if self.entries > engine.max_array_size() {
            "list"
        } else if self.bytes > engine.max_string_size() {
            "text"
        } else {
            return Ok(());
        };
        Err(EvalAltResult::ErrorDataTooLarge(too_large.to_owned(), Position::NONE).into())
    }
}

fn replace<A: ToString, B: ToString>(
    context: NativeCallContext,
    text: &mut ImmutableString,
    find: A,
    with: B,
) -> Answer<()> {
    let (find, with) = (find.to_string(), with.to_string());
    let length = text.len() + text.matches(&find).count() * with.len();
    if length > context.engine().max_string_size() {
        return Err(EvalAltResult::ErrorDataTooLarge("text".to_owned(), Position::NONE).into());
    }
    *text = text.replace(&find, &with).into();
    Ok(())
}

/// Rhai's own never ends when it is to pad with nothing.
fn pad(
    context: &NativeCallContext,
    text: &mut ImmutableString,
    length: i64,
    with: &str,
) -> Answer<()> {
    let missing = usize::try_from(length).unwrap_or(0).saturating_sub(text.chars().count());
    if missing > context.engine().max_string_size() {
        return Err(EvalAltResult::ErrorDataTooLarge("text".to_owned(), Position::NONE).into());
    }
    let more: String = with.chars().cycle().take(missing).collect();
    *text += more;
    Ok(())
}

fn map_list(context: NativeCallContext, list: &mut Array, change: FnPtr) -> Answer<Array> {
    let mut size = Size::default();
    let change = |(place, entry): (usize, &Dynamic)| {
        let changed = ask(&context, &change, slice::from_ref(entry), place)?;
        size.grow(context.engine(), &changed)?;
        Ok(changed)
    };
    list.iter().enumerate().map(change).collect()
}

fn map_map(context: NativeCallContext, map: &mut Map, change: FnPtr) -> Answer<Map> {
    let mut size = Size::default();
    let change = |(place, (key, entry)): (usize, (&rhai::Identifier, &Dynamic))| {
        let changed = ask(&context, &change, &[key.into(), entry.clone()], place)?;
        size.grow(context.engine(), &changed)?;
        Ok((key.clone(), changed))
    };
    map.iter().enumerate().map(change).collect()
}

fn zip(context: NativeCallContext, list: &mut Array, other: Array, change: FnPtr) -> Answer<Array> {
    let mut size = Size::default();
    let change = |(place, (a, b)): (usize, (&Dynamic, Dynamic))| {
        let changed = ask(&context, &change, &[a.clone(), b], place)?;
        size.grow(context.engine(), &changed)?;
        Ok(changed)
    };
    list.iter().zip(other).enumerate().map(change).collect()
}

/// Calls a closure with `arguments`, or with their place too if that is what it takes.
fn ask(
    context: &NativeCallContext,
    closure: &FnPtr,
    arguments: &[Dynamic],
    place: usize,
) -> Answer<Dynamic> {
    let answer = closure.call_raw(context, None, arguments.to_vec());
    match answer.as_ref().map_err(|error| &**error) {
        Err(EvalAltResult::ErrorFunctionNotFound(signature, _))
            if signature.starts_with(closure.fn_name()) =>
        {
            let place = i64::try_from(place).unwrap_or(i64::MAX).into();
            closure.call_raw(context, None, [arguments, &[place]].concat())
        }
        _ => answer,
    }
}

fn equal(context: &NativeCallContext, a: &Dynamic, b: &Dynamic, depth: usize) -> Answer<bool> {
    if depth > DEPTH {
        return Err(complain("these lists nest too deep to be compared".into(), None));
    }
    if let (Ok(a), Ok(b)) = (a.as_array_ref(), b.as_array_ref()) {
        return all_equal(context, a.len() == b.len(), a.iter().zip(b.iter()), depth);
    }
    if let (Ok(a), Ok(b)) = (a.as_map_ref(), b.as_map_ref()) {
        let same_keys = a.keys().eq(b.keys());
        return all_equal(context, same_keys, a.values().zip(b.values()), depth);
    }
    let answer = context.call_native_fn_raw("==", true, &mut [&mut a.clone(), &mut b.clone()]);
    match answer.map_err(|error| *error) {
        // Two kinds of value that cannot be compared are not equal.
        Err(EvalAltResult::ErrorFunctionNotFound(..)) => Ok(false),
        answer => Ok(answer?.as_bool().unwrap_or(false)),
    }
}

fn all_equal<'a>(
    context: &NativeCallContext,
    alike: bool,
    pairs: impl Iterator<Item = (&'a Dynamic, &'a Dynamic)>,
    depth: usize,
) -> Answer<bool> {
    if !alike {
        return Ok(false);
    }
    for (a, b) in pairs {
        if !equal(context, a, b, depth + 1)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes a list or a map as Rhai writes it; what nests too deep, or would make the text too long, as `…`.
fn text_of(context: &NativeCallContext, value: Dynamic) -> String {
    let mut text = String::new();
    write(context, value, 0, &mut text);
    text
}

fn write(context: &NativeCallContext, mut value: Dynamic, depth: usize, text: &mut String) {
    if depth > DEPTH || text.len() > context.engine().max_string_size() / 2 {
        text.push('…');
    } else if value.is_array() {
        text.push('[');
        for (place, entry) in value.cast::<Array>().into_iter().enumerate() {
            text.push_str(if place > 0 { ", " } else { "" });
            write(context, entry, depth + 1, text);
        }
        text.push(']');
    } else if value.is_map() {
        text.push_str("#{");
        for (place, (key, entry)) in value.cast::<Map>().into_iter().enumerate() {
            text.push_str(if place > 0 { ", " } else { "" });
            // Writing to a text cannot fail.
            let _ = write!(text, "{key:?}: ");
            write(context, entry, depth + 1, text);
        }
        text.push('}');
    } else {
        let written = context.call_native_fn_raw("to_debug", true, &mut [&mut value]);
        let written = written.ok().and_then(|written| written.into_immutable_string().ok());
        text.push_str(written.as_deref().unwrap_or("…"));
    }
}
