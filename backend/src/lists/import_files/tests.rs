//! How files that wait are counted, whose they are, and what is left of them.

use super::*;
use crate::from_address;

const ANA: PersonId = PersonId::from_bytes([1; 16]);
const BEN: PersonId = PersonId::from_bytes([2; 16]);
const NOW: Timestamp = Timestamp(KEPT_FOR);

fn files(folder: &Path) -> Arc<ImportFiles> {
    Arc::new(ImportFiles::open(folder.join("imports")))
}

async fn keep(files: &Arc<ImportFiles>, person: PersonId, text: &str) -> Result<String, Error> {
    let mut writer = files.begin(person, "tasks.md", NOW)?;
    writer.write(text.as_bytes().to_vec()).await?;
    writer.finish()
}

async fn text(files: &ImportFiles, person: PersonId, token: &str) -> Option<String> {
    let file = files.read(person, token).await.unwrap()?;
    Some(format!(
        "{}: {}",
        file.name,
        String::from_utf8(file.bytes).unwrap()
    ))
}

fn left(files: &ImportFiles) -> usize {
    fs::read_dir(&files.folder).map_or(0, Iterator::count)
}

#[tokio::test]
async fn a_file_is_its_senders_and_outlives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let files_before = files(folder.path());
    let token = keep(&files_before, ANA, "a\nb").await.unwrap();
    let unfinished = files_before.begin(BEN, "x", NOW).unwrap();
    fs::write(files_before.folder.join("no-head.import"), "rubbish").unwrap();
    let after = files(folder.path());
    drop(unfinished);
    assert_eq!(left(&after), 1, "what is broken or was cut off is gone");
    assert_eq!(text(&after, ANA, &token).await.unwrap(), "tasks.md: a\nb");
    assert_eq!(text(&after, BEN, &token).await, None);
    assert_eq!(text(&after, ANA, "../../etc/passwd").await, None);
    // Whoever goes on with an import that was cut off reads the file as it was read.
    let begun = after.claim(ANA, &token, "c0=title", |_, claim| {
        drop(claim);
        Ok("job".to_owned())
    });
    assert_eq!(begun.unwrap().as_deref(), Some("job"));
    for files in [&after, &files(folder.path())] {
        assert_eq!(files.read(ANA, &token).await.unwrap().unwrap().how, "c0=title");
    }
    after.expire(Timestamp(NOW.0 + KEPT_FOR - 1));
    assert_eq!(left(&after), 2);
    after.expire(Timestamp(NOW.0 + KEPT_FOR));
    assert_eq!((left(&after), text(&after, ANA, &token).await), (0, None));
}

#[tokio::test]
async fn a_person_has_one_an_address_six_and_all_together_so_many() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let first = keep(&files, ANA, "a").await.unwrap();
    let second = keep(&files, ANA, "b").await.unwrap();
    assert_eq!(text(&files, ANA, &first).await, None, "another took its place");
    assert!(text(&files, ANA, &second).await.is_some());
    let sending = files.begin(ANA, "c", NOW).unwrap();
    assert!(matches!(files.begin(ANA, "d", NOW), Err(Error::TooManyImports)));
    drop(sending);
    assert_eq!(left(&files), 1);
    let from = async |address: [u8; 4], person: u8| {
        let keeping = keep(&files, PersonId::from_bytes([person; 16]), "e");
        from_address(address.into(), keeping).await.is_ok()
    };
    for person in 10..16 {
        assert!(from([192, 0, 2, 1], person).await);
    }
    assert!(!from([192, 0, 2, 1], 16).await);
    for person in 20..45 {
        assert!(from([192, 0, 2, person], person).await);
    }
    assert!(!from([192, 0, 2, 99], 99).await);
    files.forget_all(ANA);
    assert!(from([192, 0, 2, 99], 99).await);
}

#[tokio::test]
async fn one_job_has_a_file_at_a_time_and_a_file_that_is_imported_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path());
    let token = keep(&files, ANA, "a").await.unwrap();
    let begin = |id: &str| {
        let (mut held, id) = (None, id.to_owned());
        let job = files.claim(ANA, &token, "", |_, claim| {
            held = Some(claim);
            Ok(id)
        });
        (job.unwrap(), held)
    };
    assert_eq!(files.claim(BEN, &token, "", |_, _| panic!()).unwrap(), None);
    let (job, first) = begin("one");
    assert_eq!(job.as_deref(), Some("one"));
    assert_eq!(begin("two").0.as_deref(), Some("one"), "it is being imported");
    drop(first);
    let (job, again) = begin("three");
    assert_eq!(job.as_deref(), Some("three"), "the first came to nothing");
    again.unwrap().done();
    assert_eq!(begin("four").0.as_deref(), Some("three"), "it is done");
    assert_eq!((left(&files), text(&files, ANA, &token).await), (0, None));
}
