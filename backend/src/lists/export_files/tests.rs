//! How exports are counted, and who can read them on disk.

use super::*;
use crate::from_address;

const SMALL: Bounds = Bounds {
    of_one: 100,
    of_a_person: 100,
    of_an_address: 150,
    of_all: 300,
};

fn files(folder: &Path) -> Arc<ExportFiles> {
    Arc::new(ExportFiles {
        most: SMALL,
        ..ExportFiles::open(folder.join("exports"))
    })
}

/// One of that person's, from that address, with so many bytes.
async fn export(
    files: &Arc<ExportFiles>,
    person: u8,
    address: u8,
    bytes: usize,
) -> Result<ExportFile, Error> {
    let writing = async {
        let person = PersonId::from_bytes([person; 16]);
        let name = random_name();
        let mut export = files.begin(person, &name)?;
        export.write(vec![b' '; bytes]).await?;
        Ok(export.finish())
    };
    from_address([192, 0, 2, address].into(), writing).await
}

fn random_name() -> String {
    data_encoding::HEXLOWER.encode(&crate::random::random::<8>().unwrap())
}

fn left(files: &ExportFiles) -> usize {
    fs::read_dir(&files.folder).unwrap().count()
}

#[tokio::test]
async fn bytes_are_counted_of_one_of_a_person_of_an_address_and_of_all() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let refused = async |person, address, bytes| export(&files, person, address, bytes).await.unwrap_err();
    assert!(matches!(refused(1, 1, 101).await, Error::ExportTooLarge));
    let first = export(&files, 1, 1, 60).await.unwrap();
    assert!(
        matches!(refused(1, 9, 41).await, Error::ExportUnderWay),
        "wherever they are"
    );
    let second = export(&files, 2, 1, 90).await.unwrap();
    assert!(
        matches!(refused(3, 1, 1).await, Error::TooManyExports),
        "of one address"
    );
    let third = export(&files, 3, 2, 90).await.unwrap();
    assert!(matches!(refused(4, 3, 61).await, Error::TooManyExports), "of all");
    assert_eq!(left(&files), 3, "what was refused leaves nothing");
    drop((first, second));
    let fourth = export(&files, 4, 1, 100).await.unwrap();
    drop((third, fourth));
    assert_eq!(left(&files), 0);
    let held = files.held.lock();
    assert!(
        held.all == 0 && held.by_person.is_empty() && held.by_address.is_empty(),
        "{held:?}"
    );
}

#[tokio::test]
async fn what_is_too_large_with_its_part_waits_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let mut export = files.begin(PersonId::from_bytes([1; 16]), "a").unwrap();
    let mut part = export.part().unwrap();
    export.write(vec![b' '; 60]).await.unwrap();
    part.write(vec![b' '; 40]).await.unwrap();
    for writer in [&mut part, &mut export] {
        let refused = writer.write(vec![b' ']).await;
        assert!(matches!(refused, Err(Error::ExportTooLarge)), "{refused:?}");
    }
    export.append(part).await.unwrap();
    assert_eq!(files.held.lock().all, 100);
    drop(export);
    assert_eq!((files.held.lock().all, left(&files)), (0, 0));
}

#[tokio::test]
async fn a_part_is_appended_and_counted_once() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let mut export = files.begin(PersonId::from_bytes([1; 16]), "a").unwrap();
    let mut part = export.part().unwrap();
    part.write(b"-- trash".repeat(9)).await.unwrap();
    export.write(b"lists ".to_vec()).await.unwrap();
    export.append(part).await.unwrap();
    let export = export.finish();
    assert_eq!((export.bytes(), files.held.lock().all, left(&files)), (78, 78, 1));
    let text = io::read_to_string(export.open().unwrap()).unwrap();
    assert_eq!(text, format!("lists {}", "-- trash".repeat(9)));
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_looks_into_the_folder_and_what_an_earlier_process_left_is_deleted() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let exports = folder.path().join("exports");
    // A folder that anybody may look into, with what a server left that was killed, and something that is no file.
    fs::create_dir(&exports).unwrap();
    fs::set_permissions(&exports, fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir(exports.join("a.json")).unwrap();
    for name in ["b.json", "c.part.json", "d.json"] {
        fs::write(exports.join(name), "{}").unwrap();
    }
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let files = files(folder.path());
    assert_eq!((left(&files), mode(&exports)), (1, 0o700));
    let export = export(&files, 1, 1, 5).await.unwrap();
    assert_eq!(mode(&export.path), 0o600);
    fs::remove_dir_all(&exports).unwrap();
    let begun = files.begin(PersonId::from_bytes([1; 16]), "e").unwrap();
    assert_eq!((mode(&exports), mode(&begun.export.path)), (0o700, 0o600));
}
