//! The calls of a log-in, in their order.

use oauth2::basic::BasicClient;
use oauth2::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, RedirectUrl, RequestTokenError,
    TokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::super::answer::error_of;
use super::super::client::send;
use super::super::wire::Id;
use super::super::{SCOPES, reading};
use super::calls::{carry, refused};
use super::{Grant, Login, LoginError};

/// What a person must be able to do on a Page, under both names that are in use.
const MAY_POST: [&str; 2] = ["CREATE_CONTENT", "PROFILE_PLUS_CREATE_CONTENT"];

/// One Page that a person keeps.
#[derive(Debug, Deserialize)]
struct Account {
    id: Id,
    #[serde(default)]
    name: String,
    access_token: Option<SecretText>,
    tasks: Option<Vec<String>>,
}

/// A secret in a document.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
struct SecretText(SecretString);

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(SecretString::from(text))
    }
}

#[derive(Debug, Deserialize)]
struct Business {
    id: Id,
}

#[derive(Debug, Deserialize)]
struct Permission {
    permission: String,
    status: String,
}

#[derive(Debug, Deserialize)]
struct Lengthened {
    access_token: SecretText,
}

impl Login {
    /// Exchanges the dialog's code for a person's token that lasts.
    ///
    /// # Errors
    /// What was wrong with code, app or redirect. Nothing is tried again: a code is good once.
    pub async fn person_token(&self, code: &SecretString) -> Result<SecretString, LoginError> {
        let short = self.redeem(code).await?;
        self.lengthen(&short).await
    }

    pub(super) async fn redeem(&self, code: &SecretString) -> Result<SecretString, LoginError> {
        let settings = &self.settings;
        let bad = |error: url::ParseError| LoginError::Refused(error.to_string());
        let client = BasicClient::new(ClientId::new(settings.app_id.clone()))
            .set_client_secret(ClientSecret::new(self.secret()?.expose_secret().to_owned()))
            .set_token_uri(TokenUrl::new(self.url("oauth/access_token")).map_err(bad)?)
            .set_redirect_uri(RedirectUrl::from_url(settings.redirect.clone()))
            // Meta reads the secret from the body.
            .set_auth_type(AuthType::RequestBody);
        let code = AuthorizationCode::new(code.expose_secret().to_owned());
        let carry = |request| carry(self.client.clone(), request);
        match client.exchange_code(code).request_async(&carry).await {
            Ok(token) => Ok(SecretString::from(token.access_token().secret().as_str())),
            Err(RequestTokenError::Parse(_, body)) => Err(self.exchange_error(&body)),
            Err(RequestTokenError::Request(error)) => Err(LoginError::Unreachable(error.0)),
            Err(error) => Err(LoginError::Refused(error.to_string())),
        }
    }

    async fn lengthen(&self, short: &SecretString) -> Result<SecretString, LoginError> {
        let secret = self.secret()?;
        let form = [
            ("grant_type", "fb_exchange_token"),
            ("client_id", self.settings.app_id.as_str()),
            ("client_secret", secret.expose_secret()),
            ("fb_exchange_token", short.expose_secret()),
        ];
        let call = self.client.post(self.url("oauth/access_token")).form(&form);
        let (answer, _) = self.noted(send(call).await)?;
        match answer.document::<Lengthened>() {
            Some(lengthened) => Ok(lengthened.access_token.0),
            None => Err(self.exchange_error(&answer.body)),
        }
    }

    /// What an answer to an exchange means that holds no token.
    fn exchange_error(&self, body: &[u8]) -> LoginError {
        let Some(error) = error_of(body) else {
            return LoginError::Unreachable("the answer makes no sense".to_owned());
        };
        let says = |words: &str| error.message.to_lowercase().contains(words);
        match (error.code, error.error_subcode) {
            (_, Some(36_008)) => LoginError::RedirectMismatch(self.settings.redirect.clone()),
            (_, Some(36_009)) => LoginError::CodeUsed,
            (_, Some(36_007)) => LoginError::CodeExpired,
            (100, _) if says("has been used") => LoginError::CodeUsed,
            (100, _) if says("expired") => LoginError::CodeExpired,
            (_, _) if says("redirect_uri") => {
                LoginError::RedirectMismatch(self.settings.redirect.clone())
            }
            (_, _) if says("client secret") => LoginError::SecretWrong,
            (101, _) => LoginError::AppUnknown,
            _ => refused(&error),
        }
    }

    /// The Pages' tokens, each proved, in the order of `pages`.
    ///
    /// # Errors
    /// What concerns all of them; what concerns one Page is in its place.
    pub async fn grants(
        &self,
        person: &SecretString,
        pages: &[String],
    ) -> Result<Vec<Result<Grant, LoginError>>, LoginError> {
        self.check_permissions(person).await?;
        let accounts = self.accounts(person).await?;
        let mut grants = Vec::with_capacity(pages.len());
        for page in pages {
            grants.push(self.grant(&accounts, person, page).await);
        }
        Ok(grants)
    }

    async fn grant(
        &self,
        accounts: &[Account],
        person: &SecretString,
        page: &str,
    ) -> Result<Grant, LoginError> {
        let Some(account) = accounts.iter().find(|account| account.id.0 == page) else {
            let offered = accounts
                .iter()
                .map(|account| format!("{} ({})", account.name, account.id.0));
            let offered = offered.collect::<Vec<_>>();
            return Err(LoginError::PageNotOffered {
                page: page.to_owned(),
                offered: match offered.is_empty() {
                    true => "no Page".to_owned(),
                    false => offered.join(", "),
                },
            });
        };
        let may_post = account
            .tasks
            .as_ref()
            .is_none_or(|tasks| tasks.iter().any(|task| MAY_POST.contains(&task.as_str())));
        if !may_post {
            return Err(LoginError::RoleMissing(account.name.clone()));
        }
        let token = match &account.access_token {
            Some(token) => token.0.clone(),
            None => self.derive(person, page).await?,
        };
        self.prove(page, token).await
    }

    /// Takes a token that somebody already has: a Page's own, or a system user's.
    ///
    /// # Errors
    /// When it is not good for the Page.
    pub async fn take(&self, token: SecretString, page: &str) -> Result<Grant, LoginError> {
        let told = self.told(&token).await?;
        match told.kind.as_deref() {
            Some("PAGE") | None => self.prove(page, token).await,
            Some(_) => {
                let derived = self.derive(&token, page).await?;
                self.prove(page, derived).await
            }
        }
    }

    async fn derive(&self, person: &SecretString, page: &str) -> Result<SecretString, LoginError> {
        let account: Account = match self
            .get(page, person, &[("fields", "id,access_token")])
            .await
        {
            // The token itself is alive: these are the words for "not there" and "not yours".
            Err(LoginError::Missing | LoginError::Dead(_)) => {
                return Err(LoginError::NotAssigned(page.to_owned()));
            }
            account => account?,
        };
        account
            .access_token
            .map(|token| token.0)
            .ok_or_else(|| LoginError::NotAssigned(page.to_owned()))
    }

    async fn check_permissions(&self, person: &SecretString) -> Result<(), LoginError> {
        let permissions: Vec<Permission> = self.list("me/permissions", person, &[]).await?;
        let needed: Vec<String> = self.scopes().collect();
        let declined: Vec<String> = permissions
            .into_iter()
            .filter(|one| one.status != "granted" && needed.contains(&one.permission))
            .map(|one| one.permission)
            .collect();
        match declined.is_empty() {
            true => Ok(()),
            false => Err(LoginError::Declined(declined.join(", "))),
        }
    }

    /// Every Page of the person, their own and those of their businesses.
    async fn accounts(&self, person: &SecretString) -> Result<Vec<Account>, LoginError> {
        let fields = [("fields", "id,name,tasks,access_token"), ("limit", "100")];
        let mut accounts: Vec<Account> = self.list("me/accounts", person, &fields).await?;
        if !self.settings.business {
            return Ok(accounts);
        }
        let businesses: Vec<Business> = self.list("me/businesses", person, &[]).await?;
        for business in businesses {
            for edge in ["owned_pages", "client_pages"] {
                let path = format!("{}/{edge}", business.id.0);
                let pages: Vec<Account> = self.list(&path, person, &fields).await?;
                accounts.extend(pages);
            }
        }
        Ok(accounts)
    }

    /// Holds a token against what Facebook tells of it.
    async fn prove(&self, page: &str, token: SecretString) -> Result<Grant, LoginError> {
        let told = self.told(&token).await?;
        let scopes = told.scopes.clone().unwrap_or_default();
        let standing = reading::standing(told, page, &SCOPES);
        if !standing.alive {
            let why = standing.trouble.unwrap_or_default();
            return Err(LoginError::Dead(why));
        }
        if !standing.right_page {
            return Err(LoginError::WrongPage(page.to_owned()));
        }
        if let Some(app) = standing
            .app_id
            .as_ref()
            .filter(|app| **app != self.settings.app_id)
        {
            return Err(LoginError::OtherApp(app.clone()));
        }
        let missing = standing.missing_scopes.unwrap_or_default();
        if !missing.is_empty() {
            return Err(LoginError::ScopesMissing(missing.join(", ")));
        }
        if let Some(expires) = standing
            .expires
            .filter(|expires| *expires > self.clock.now())
        {
            return Err(LoginError::Expires(expires));
        }
        Ok(Grant {
            page: page.to_owned(),
            token,
            app_id: standing.app_id,
            scopes,
            expires: standing.expires,
        })
    }
}
