//! A JSON text as a flat tree of places: what stands where, 16 bytes a value.
//! How the text is scanned is in `scan`; it is only scanned when there is a fault or a gap to show.

use std::borrow::Cow;
use std::ops::Range;

/// A scanned text.
#[derive(Debug)]
pub(super) struct Tree<'a> {
    text: &'a str,
    nodes: Vec<Node>,
}

/// A value, or an object's key, in the order of the text: first a value, then all that is inside it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    /// The first byte.
    pub(super) start: u32,
    /// The byte after the last.
    pub(super) end: u32,
    /// The node after all that is inside this one.
    pub(super) next: u32,
    /// What it is.
    pub(super) kind: Kind,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Keys and values in turn are inside.
    Object,
    /// Values are inside.
    Array,
    /// A string, or a key.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`.
    Null,
    /// Something that JSON does not have; it has been told already.
    Unknown,
}

/// The place of a node in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct NodeIx(pub(super) u32);

impl<'a> Tree<'a> {
    /// The whole value.
    pub(super) const ROOT: NodeIx = NodeIx(0);

    /// Makes a tree of nodes that were scanned from `text`; the first one is the root.
    pub(super) fn new(text: &'a str, nodes: Vec<Node>) -> Self {
        Self { text, nodes }
    }

    /// Returns what a node is.
    pub(super) fn kind(&self, ix: NodeIx) -> Kind {
        self.node(ix).kind
    }

    /// Returns the bytes of a node.
    pub(super) fn span(&self, ix: NodeIx) -> Range<usize> {
        self.node(ix).start as usize..self.node(ix).end as usize
    }

    /// Returns where a node is shown: of an object or a list only the opening bracket, for to underline all that is
    /// inside would hide what is meant.
    pub(super) fn beginning(&self, ix: NodeIx) -> Range<usize> {
        let span = self.span(ix);
        match self.kind(ix) {
            Kind::Object | Kind::Array => span.start..span.start + 1,
            _ => span,
        }
    }

    /// Returns the text of a node as it stands in the file.
    pub(super) fn raw(&self, ix: NodeIx) -> &'a str {
        &self.text[self.span(ix)]
    }

    /// Returns what a string or a key says, its quotes and escapes undone.
    ///
    /// What was no proper string (single quotes, no quotes at all) says what stands in it.
    pub(super) fn string(&self, ix: NodeIx) -> Cow<'a, str> {
        let raw = self.raw(ix);
        if raw.contains('\\')
            && let Ok(text) = serde_json::from_str(raw)
        {
            return Cow::Owned(text);
        }
        let inner = raw.strip_prefix(['"', '\'']).unwrap_or(raw);
        Cow::Borrowed(inner.strip_suffix(['"', '\'']).unwrap_or(inner))
    }

    /// Returns the keys and values of an object, in the order of the text.
    pub(super) fn members(&self, object: NodeIx) -> impl Iterator<Item = (NodeIx, NodeIx)> + '_ {
        let mut inside = self.inside(object);
        std::iter::from_fn(move || Some((inside.next()?, inside.next()?)))
    }

    /// Returns the values of an array, in the order of the text.
    pub(super) fn items(&self, array: NodeIx) -> impl Iterator<Item = NodeIx> + '_ {
        self.inside(array)
    }

    fn inside(&self, ix: NodeIx) -> impl Iterator<Item = NodeIx> + '_ {
        let end = self.node(ix).next;
        let mut at = ix.0 + 1;
        std::iter::from_fn(move || {
            let child = (at < end).then_some(NodeIx(at))?;
            at = self.node(child).next;
            Some(child)
        })
    }

    fn node(&self, ix: NodeIx) -> Node {
        self.nodes[ix.0 as usize]
    }
}
