//! The file of the database: who may read it, and on what kind of disk it is.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// File systems on which locks or shared memory do not work as SQLite needs them.
const NETWORK_FILE_SYSTEMS: &[&str] = &[
    "9p",
    "afs",
    "ceph",
    "cifs",
    "fuse.ceph",
    "fuse.gcsfuse",
    "fuse.glusterfs",
    "fuse.s3fs",
    "fuse.sshfs",
    "glusterfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
];

/// Creates the file, readable for its owner only, unless it exists.
pub(crate) fn create(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Returns the type of the file system, if it is one of a network.
pub(crate) fn network_file_system(path: &Path) -> Option<String> {
    let path = fs::canonicalize(path).ok()?;
    let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
    let kind = file_system(&mounts, &path)?;
    NETWORK_FILE_SYSTEMS.contains(&kind).then(|| kind.to_owned())
}

/// Finds the type of the file system of a path in the text of `mountinfo`. Of two mounts on each other the last one counts.
fn file_system<'m>(mounts: &'m str, path: &Path) -> Option<&'m str> {
    let parse = |line: &'m str| {
        let (mount, source) = line.split_once(" - ")?;
        let point = unescape(mount.split(' ').nth(4)?);
        path.starts_with(&point).then_some((point.components().count(), source.split(' ').next()?))
    };
    mounts.lines().filter_map(parse).max_by_key(|(depth, _)| *depth).map(|(_, kind)| kind)
}

/// Spaces and some other characters of a mount point are octal escapes, such as `\040`.
fn unescape(text: &str) -> PathBuf {
    let mut parts = text.split('\\');
    let mut path = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.get(..3).and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) => {
                path.push(char::from(byte));
                path.push_str(&part[3..]);
            }
            None => {
                path.push('\\');
                path.push_str(part);
            }
        }
    }
    path.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_system_is_that_of_the_deepest_mount() {
        let mounts = "\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:35 / /mnt/nfs rw - nfs4 server:/export rw
41 40 0:36 / /mnt/nfs/local\\040disk rw master:1 - xfs /dev/vdb rw
42 22 0:37 / /stacked rw - ext4 /dev/vdc rw
43 42 0:38 / /stacked rw - cifs //server/share rw
";
        for (path, expected) in [
            ("/home/bot.db", Some("ext4")),
            ("/mnt/nfs/bot.db", Some("nfs4")),
            ("/mnt/nfs2/bot.db", Some("ext4")),
            ("/mnt/nfs/local disk/bot.db", Some("xfs")),
            ("/stacked/bot.db", Some("cifs")),
            ("relative", None),
        ] {
            assert_eq!(file_system(mounts, Path::new(path)), expected, "{path}");
        }
        assert_eq!(file_system("garbage\n - \n1 2 3 4 \\", Path::new("/")), None);
    }
}
