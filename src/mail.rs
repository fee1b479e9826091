//! Mail: what a message says and how it leaves the house.
//! Which notices it carries is decided in `schedule`; when it is tried again in `daemon`.

pub mod letter;
pub mod message;
pub mod mime;
pub mod sender;
pub mod transport;

pub use letter::Letter;
pub use message::{Delivery, Message};
pub use mime::{message_id, mime};
pub use sender::{Sender, SenderError};
pub use transport::Transport;
