//! Mail: what a message says and how it leaves the house.
//! Which notices it carries is decided in `schedule`; when it is tried again in `daemon`.

mod copy;
pub mod letter;
pub(crate) mod line;
pub mod message;
pub mod mime;
pub mod render;
pub mod sender;
mod subject;
pub mod transport;
pub(crate) mod words;

pub use copy::Copy;
pub use letter::Letter;
pub use message::{Delivery, Message, Taken};
pub use mime::{message_id, mime};
pub use render::{Rendered, TemplateFault, VARIABLES, Variable, check_template, render};
pub use sender::{Sender, SenderError};
pub use transport::Transport;
