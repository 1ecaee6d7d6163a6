//! Obtaining a Page's token: the steps of a log-in, apart from whoever walks a person through
//! them. EDGE: network. The only user of `oauth2`.
//!
//! The person agrees in Facebook's dialog; the code that comes back is exchanged for a token of
//! theirs, that for one that lasts, and from *that* one the Page's is derived: derived from a
//! short one it would die within hours and nothing in it would say so. What was obtained is then
//! held against what Facebook itself tells of it. The steps follow
//! <https://developers.facebook.com/documentation/facebook-login/guides/advanced/manual-flow>.

mod calls;
mod steps;

use std::sync::Arc;

use jiff::Timestamp;
use oauth2::basic::BasicClient;
use oauth2::{AuthUrl, ClientId, CsrfToken, RedirectUrl, Scope};
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::SCOPES;
use super::proof::TheirClock;
use super::token::ReadSecret;
use crate::clock::Clock;
use crate::telemetry::redacted;

/// Only for Pages that are reached through a business.
const BUSINESS_SCOPE: &str = "business_management";
/// How the dialog says that an app is not open to everybody.
const NOT_OPEN: [&str; 2] = ["development mode", "app not active"];
/// To see which Pages there are.
const LIST_SCOPE: &str = "pages_show_list";

/// What a log-in needs to know.
pub struct LoginSettings {
    /// Where the Graph API is.
    pub graph_url: Url,
    /// Its version, such as `v26.0`.
    pub version: String,
    /// The app's id.
    pub app_id: String,
    /// The app's secret.
    pub app_secret: ReadSecret,
    /// Where the dialog leads back to; must stand in the app's settings letter for letter.
    pub redirect: Url,
    /// A configuration of Login for Business, which then says what is asked for.
    pub config_id: Option<String>,
    /// Whether Pages are reached through a business.
    pub business: bool,
}

/// A log-in that a person has been sent off to.
pub struct Begun {
    /// The address to open in a browser.
    pub address: Url,
    state: CsrfToken,
}

/// What was obtained for a Page, and proved.
#[derive(Debug)]
pub struct Grant {
    /// The Page's id.
    pub page: String,
    /// Its token.
    pub token: SecretString,
    /// The app it belongs to.
    pub app_id: Option<String>,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it ends; `None`: never.
    pub expires: Option<Timestamp>,
}

/// Why there is no token, and what to click.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The person pressed cancel.
    #[error("the log-in was cancelled: start again, and press Continue in Facebook's dialog")]
    Cancelled,
    /// Facebook's dialog itself said no.
    #[error("facebook's dialog answered: {0}; start again")]
    DialogFailed(String),
    /// The address is not the one that this log-in leads back to.
    #[error(
        "this address does not belong to this log-in: paste the newest one, whole, or start again"
    )]
    NotOurs,
    /// What was pasted is no address with a code.
    #[error(
        "there is no code in this address: paste the whole address that the browser shows after Continue"
    )]
    NoCode,
    /// The code was used before.
    #[error("this code has been used: start again, and paste every address only once")]
    CodeUsed,
    /// The code is too old.
    #[error("this code has expired: start again, and paste the address within ten minutes")]
    CodeExpired,
    /// The redirect address is not the dialog's.
    #[error(
        "the redirect address differs from the app's: in the app's settings, under Facebook Login → Settings → Valid OAuth Redirect URIs, enter exactly {0}"
    )]
    RedirectMismatch(Url),
    /// The app's id is unknown.
    #[error(
        "facebook knows no app with this id: copy the App ID from the app's Settings → Basic into facebook.app_id"
    )]
    AppUnknown,
    /// The app's secret is wrong.
    #[error(
        "the app secret is wrong: copy it anew from the app's Settings → Basic → App secret → Show"
    )]
    SecretWrong,
    /// The app's secret cannot be read.
    #[error("the app secret cannot be read: {0}")]
    NoSecret(String),
    /// The person unticked something.
    #[error(
        "these permissions were declined: {0}; start again, and leave every tick in Facebook's dialog"
    )]
    Declined(String),
    /// The Page was not let in, or is not there.
    #[error(
        "page {page} was not offered; offered were: {offered}. Start again, press Edit access in Facebook's dialog and tick the Page; if it belongs to a business, run `loa login --business`"
    )]
    PageNotOffered {
        /// The Page's id.
        page: String,
        /// What was offered.
        offered: String,
    },
    /// The person may not post there.
    #[error(
        "this person may not create content on page {0}: an admin of the Page must give them that access, under Settings → Page access"
    )]
    RoleMissing(String),
    /// A token that somebody has does not reach the Page.
    #[error(
        "this token does not reach page {0}: in Business settings → Users → System users choose the user, press Assign assets, choose the Page and switch on Content; then make the token anew"
    )]
    NotAssigned(String),
    /// What was asked for is not there, or not for this token.
    #[error("facebook does not know what was asked for: check pages.id in the settings")]
    Missing,
    /// The app is not open to this person.
    #[error(
        "the app is in development mode and does not know this person: switch it to Live in the App Dashboard, or give the person a role under App roles → Roles"
    )]
    InDevelopment,
    /// The token is not this Page's.
    #[error(
        "this token does not speak for page {0}: take the token of that Page, or correct pages.id in the settings"
    )]
    WrongPage(String),
    /// The token is dead.
    #[error("this token is not valid: {0}; log in with `loa login`, or make a new token")]
    Dead(String),
    /// The token will die.
    #[error(
        "this token ends at {0}: log in with `loa login` instead, or take one that never expires"
    )]
    Expires(Timestamp),
    /// The token lacks scopes.
    #[error("this token lacks permissions: {0}; log in again and leave every tick")]
    ScopesMissing(String),
    /// The token belongs to another app.
    #[error(
        "this token belongs to app {0}, not to facebook.app_id: its posts would not be known as ours. Make the token with that app, or correct facebook.app_id"
    )]
    OtherApp(String),
    /// Nobody answered, or nothing that makes sense. Nothing is tried again by itself.
    #[error("facebook could not be reached: {0}; start again")]
    Unreachable(String),
    /// Facebook said something else.
    #[error("facebook said no: {0}")]
    Refused(String),
}

/// The steps of a log-in.
pub struct Login {
    client: Client,
    settings: LoginSettings,
    clock: Arc<dyn Clock>,
    their_clock: TheirClock,
}

impl Login {
    /// `client` must send nothing twice and follow no redirects:
    /// [`crate::http_client::graph_client`] makes one.
    pub fn new(client: Client, settings: LoginSettings, clock: Arc<dyn Clock>) -> Self {
        Self {
            client,
            settings,
            their_clock: TheirClock::new(Arc::clone(&clock)),
            clock,
        }
    }

    /// Where to send the person.
    ///
    /// # Errors
    /// When the settings make no address.
    pub fn begin(&self) -> Result<Begun, LoginError> {
        let settings = &self.settings;
        let dialog = dialog(&settings.graph_url, &settings.version);
        let bad = |error: url::ParseError| LoginError::Refused(error.to_string());
        let client = BasicClient::new(ClientId::new(settings.app_id.clone()))
            .set_auth_uri(AuthUrl::new(dialog).map_err(bad)?)
            .set_redirect_uri(RedirectUrl::from_url(settings.redirect.clone()));
        let asked = client.authorize_url(CsrfToken::new_random);
        let asked = match &settings.config_id {
            Some(config) => asked.add_extra_param("config_id", config.clone()),
            None => asked
                .add_scopes(self.scopes().map(Scope::new))
                // Asks anew for what was declined the last time; else it would stay declined.
                .add_extra_param("auth_type", "rerequest"),
        };
        let (address, state) = asked.url();
        Ok(Begun { address, state })
    }

    fn scopes(&self) -> impl Iterator<Item = String> {
        let business = self.settings.business.then_some(BUSINESS_SCOPE);
        SCOPES
            .into_iter()
            .chain([LIST_SCOPE])
            .chain(business)
            .map(ToOwned::to_owned)
    }
}

/// Facebook's dialog lives on another host than its API; a rehearsal page has both.
fn dialog(graph_url: &Url, version: &str) -> String {
    let root = graph_url.as_str().trim_end_matches('/');
    let root = match graph_url.host_str() {
        Some("graph.facebook.com") => "https://www.facebook.com",
        _ => root,
    };
    format!("{root}/{version}/dialog/oauth")
}

impl Begun {
    /// The code in the address that the dialog led back to, called or pasted.
    ///
    /// # Errors
    /// When the person said no, or the address is not this log-in's.
    pub fn code(&self, redirected: &str) -> Result<SecretString, LoginError> {
        let url = Url::parse(redirected.trim()).map_err(|_| LoginError::NoCode)?;
        let get = |name: &str| {
            let mut pairs = url.query_pairs();
            pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
        };
        match get("error").as_deref() {
            Some("access_denied") => return Err(LoginError::Cancelled),
            Some(error) => {
                return Err(dialog_failed(error, &get));
            }
            None => {}
        }
        // Some of the dialog's errors come without that member.
        if get("error_code").is_some() {
            return Err(dialog_failed("error_code", &get));
        }
        let code = get("code").ok_or(LoginError::NoCode)?;
        if get("state").as_deref() != Some(self.state.secret().as_str()) {
            return Err(LoginError::NotOurs);
        }
        // Copied by hand, the end of the address may have stuck to it.
        Ok(SecretString::from(code.trim_end_matches("#_=_")))
    }
}

/// What the dialog means that leads back with an error.
fn dialog_failed(error: &str, get: &impl Fn(&str) -> Option<String>) -> LoginError {
    let said = get("error_description").or_else(|| get("error_message"));
    let said = said.unwrap_or_else(|| error.to_owned());
    let lower = said.to_lowercase();
    match NOT_OPEN.iter().any(|words| lower.contains(words)) {
        true => LoginError::InDevelopment,
        false => LoginError::DialogFailed(redacted(&said)),
    }
}

impl Grant {
    /// The token, for whoever stores it.
    pub(super) fn exposed(&self) -> &str {
        self.token.expose_secret()
    }
}

#[cfg(test)]
mod tests;
