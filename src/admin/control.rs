//! The control socket: how the command line asks a running loa. One request a connection, one
//! line of JSON each way. Whoever may write to the state folder may ask; nobody else can.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};

use crate::clock::Clock;
use crate::desk::{Answer, Desk, Request};
use crate::exit::Exit;
use crate::language::Language;

/// Longest request or answer: a whole journal may be handed out.
const LINE_BYTES_MAX: u64 = 1 << 30;
/// Longest request.
const REQUEST_BYTES_MAX: u64 = 1 << 20;
/// How long a caller may take to say what it wants.
const REQUEST_WAIT_MAX: Duration = Duration::from_secs(5);
/// How long nobody is taken after a caller could not be.
const REFUSED_REST: Duration = Duration::from_secs(1);
/// The version of this exchange. Both sides are the same program, but not always the same age.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Question {
    v: u32,
    /// The asker's; `None`: that of the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<Language>,
    request: Request,
}

#[derive(Serialize, Deserialize)]
struct Reply {
    v: u32,
    exit: u8,
    document: Value,
}

/// Where the socket of a state folder is.
pub fn path(state: &Path) -> PathBuf {
    state.join("control.sock")
}

/// Opens the socket. Only the holder of the state folder's lock may: what stands there is a
/// leftover.
///
/// # Errors
/// When the folder cannot be written.
pub fn listen(state: &Path) -> io::Result<UnixListener> {
    let path = path(state);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Answers until told to stop; then finishes what it is answering.
///
/// # Errors
/// When the socket fails.
pub async fn serve(
    listener: UnixListener,
    desk: Arc<Desk>,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
) -> io::Result<()> {
    let callers = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            // Too many open files, most likely: the others go on, and so does posting.
            Err(error) => {
                warn!("the control socket could not take a caller: {error}");
                clock.sleep(REFUSED_REST).await;
                continue;
            }
        };
        let (desk, clock) = (Arc::clone(&desk), Arc::clone(&clock));
        callers.spawn(async move {
            if let Err(error) = answer(stream, &desk, clock.as_ref()).await {
                debug!("a caller of the control socket went away: {error}");
            }
        });
    }
    callers.close();
    callers.wait().await;
    Ok(())
}

async fn answer(stream: UnixStream, desk: &Desk, clock: &dyn Clock) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut line = String::new();
    let mut reader = BufReader::new(reader.take(REQUEST_BYTES_MAX));
    tokio::select! {
        read = reader.read_line(&mut line) => read?,
        () = clock.sleep(REQUEST_WAIT_MAX) => return Err(io::ErrorKind::TimedOut.into()),
    };
    let answer = match serde_json::from_str::<Question>(&line) {
        Ok(Question {
            v: VERSION,
            language,
            request,
        }) => {
            let language = language.unwrap_or(desk.language);
            desk.speaking(language).answer(request).await
        }
        Ok(question) => Answer::failure(
            Exit::TryLater,
            format!(
                "the running loa speaks version {VERSION}, not {}: restart it",
                question.v
            ),
        ),
        Err(error) => {
            warn!("a request on the control socket makes no sense: {error}");
            Answer::failure(
                Exit::TryLater,
                format!("the running loa does not understand: {error}"),
            )
        }
    };
    let reply = Reply {
        v: VERSION,
        exit: answer.exit.code(),
        document: answer.document,
    };
    let mut line = serde_json::to_vec(&reply)?;
    line.push(b'\n');
    writer.write_all(&line).await?;
    writer.shutdown().await
}

/// Why a running loa did not answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Nobody listens.
    #[error("no loa is running on this state folder")]
    NobodyThere,
    /// The connection broke.
    #[error("the running loa broke off: {0}")]
    Broken(#[from] io::Error),
    /// It answered something else.
    #[error("the running loa answered nonsense: {0}")]
    Nonsense(#[from] serde_json::Error),
}

/// Asks the loa that runs on the state folder, for an answer in this language. The exit comes as its number: it may be newer.
///
/// # Errors
/// When nobody listens, or the connection breaks: what was asked may then have been done.
pub async fn ask(
    state: &Path,
    language: Language,
    request: Request,
) -> Result<(u8, Value), AskError> {
    let stream = match UnixStream::connect(path(state)).await {
        Ok(stream) => stream,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused
            ) =>
        {
            return Err(AskError::NobodyThere);
        }
        Err(error) => return Err(error.into()),
    };
    let (reader, mut writer) = stream.into_split();
    let mut line = serde_json::to_vec(&Question {
        v: VERSION,
        language: Some(language),
        request,
    })?;
    line.push(b'\n');
    writer.write_all(&line).await?;
    let mut answer = Vec::new();
    BufReader::new(reader.take(LINE_BYTES_MAX))
        .read_until(b'\n', &mut answer)
        .await?;
    if answer.is_empty() {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    let reply: Reply = serde_json::from_slice(&answer)?;
    Ok((reply.exit, reply.document))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_of_an_older_loa_names_no_language_and_is_understood() {
        let old = r#"{"v":1,"request":{"ask":"health"}}"#;
        let question: Question = serde_json::from_str(old).unwrap();
        assert_eq!(question.language, None);
        assert_eq!(question.request, Request::Health);
    }
}
