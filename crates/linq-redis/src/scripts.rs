//! The Lua scripts. The server knows them by their hash; one that it does not know is sent.

use std::sync::LazyLock;

use redis::Script;

/// The version of the layout of the keys, which `common.lua` describes.
pub(crate) const LAYOUT: u64 = 1;

macro_rules! scripts {
    ($($name:ident = $file:literal,)+) => {
        $(pub(crate) static $name: LazyLock<Script> = LazyLock::new(|| {
            Script::new(concat!(include_str!("scripts/common.lua"), include_str!(concat!("scripts/", $file))))
        });)+
    };
}

scripts! {
    CLAIM = "claim.lua",
    DISCARD = "discard.lua",
    ENQUEUE = "enqueue.lua",
    EXTEND = "extend.lua",
    FIND = "find.lua",
    GATHER = "gather.lua",
    HAS_NEWER = "has_newer.lua",
    LIST = "list.lua",
    OPEN = "open.lua",
    PACE = "pace.lua",
    PUT_RECORD = "put_record.lua",
    RECORD = "record.lua",
    RECORDS = "records.lua",
    REVIVE = "revive.lua",
    SETTLE = "settle.lua",
    STATS = "stats.lua",
    SWEEP = "sweep.lua",
    UNTIL_DUE = "until_due.lua",
}
