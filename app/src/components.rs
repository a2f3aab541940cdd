//! What pages are made of. The gallery (`/gallery`, in debug builds) shows each in all its states.
//!
//! A component's class is its name in kebab-case; variants are `data-*` attributes; states are the ARIA or native
//! attributes themselves. Components have no margins: what contains them spaces them.

mod attention;
mod badge;
mod button;
mod card;
mod chart;
mod checks;
mod chips;
mod code;
mod confirm;
mod connect;
mod copy;
mod field;
mod field_choice;
mod field_colour;
mod figures;
mod guide;
mod layout;
mod list;
mod load;
mod menu;
mod nav;
mod notice;
mod page;
mod panel;
mod passkey;
mod progress;
mod proof;
mod secret;
mod states;
mod table;
mod theme;
mod time;
mod timeline;
mod trouble;

pub use attention::AttentionList;
pub use badge::{Badge, Tone};
pub use button::{Button, LinkButton, Look};
pub use card::{Card, CardGrid};
pub use chart::Chart;
pub use checks::{Check, Checks};
pub use chips::Chips;
pub use code::{Code, Tab, Tabs};
pub(crate) use confirm::Dialog;
pub use confirm::{Confirm, ConfirmLink};
pub use connect::{
    ConnectAccount, ConnectAccounts, ConnectActions, ConnectFoot, ConnectFrame, ConnectLanguage, ConnectPermission,
    ConnectPermissions, ConnectProvider, ConnectProviders,
};
pub use copy::{Copy, CopyButton, CopyField};
pub use field::{Field, FileField, SecretField, TextArea};
pub use field_choice::{Checkbox, Checkboxes, Choice, Radios, Select};
pub use field_colour::ColourField;
pub use figures::{Figure, Figures};
pub use guide::{Guide, Step};
pub use layout::{Bare, Brand, Layout, Main};
pub use list::{Properties, Property};
pub use load::Load;
pub use menu::{Menu, MenuLink};
pub use nav::{Nav, NavFoot, NavGroup, NavLink, Switcher};
pub use notice::{Banner, EmptyState, ErrorPanel, Skeleton};
pub use page::{NotFound, PageHeader};
pub use panel::{Columns, Panel, Stack};
pub use passkey::{Ceremony, PasskeyInput, WithPasskeys, WithoutPasskeys};
pub use progress::Progress;
pub(crate) use proof::ProofFields;
pub use secret::{LinksOnce, RecoveryCodes, SecretOnce};
pub(crate) use states::delivery_word;
pub use states::{
    AccountStatus, BulkState, ConfigState, DeliveryState, EndpointState, EnvironmentBadge, InvitationState,
    SessionStatus, TestStatus,
};
pub use table::{Column, Filters, MoreFilters, Pager, RowLink, Table};
pub use theme::{ThemeChoice, provide_theme};
pub use time::{Time, provide_now};
pub use timeline::{Happening, Timeline};
pub use trouble::Trouble;
