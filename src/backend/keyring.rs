//! The system's keyring: on macOS the login keychain, on Linux that of the kernel, which no
//! desktop is needed for and which a reboot empties.
//!
//! Entries are the operator's to make: `keyctl padd user keyring:ACCOUNT@SERVICE @s` on Linux,
//! `security add-generic-password -s SERVICE -a ACCOUNT -w` on macOS; both read the token from
//! the terminal or a pipe. A desktop's Secret Service is reached by a `token_command`, such as
//! `["secret-tool", "lookup", "service", "siyu"]`.

use std::sync::Arc;

use keyring_core::api::{CredentialStore, CredentialStoreApi};
use keyring_core::{Error, Result};

/// The secret of an entry, as it was stored.
///
/// # Errors
/// Why there is none, without anything of the secret.
pub(super) fn look_up(service: &str, account: &str) -> std::result::Result<String, String> {
    let found = store().and_then(|store| secret(store.as_ref(), service, account));
    found.map_err(|error| told(&error))
}

#[cfg(target_os = "linux")]
fn store() -> Result<Arc<CredentialStore>> {
    let store: Arc<CredentialStore> = linux_keyutils_keyring_store::Store::new()?;
    Ok(store)
}

#[cfg(target_os = "macos")]
fn store() -> Result<Arc<CredentialStore>> {
    let store: Arc<CredentialStore> = apple_native_keyring_store::keychain::Store::new()?;
    Ok(store)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn store() -> Result<Arc<CredentialStore>> {
    Err(Error::NotSupportedByStore("this system has no keyring that siyu knows".to_owned()))
}

fn secret(store: &dyn CredentialStoreApi, service: &str, account: &str) -> Result<String> {
    store.build(service, account, None)?.get_password()
}

/// What went wrong. The error itself may carry the secret, and is not printed whole.
fn told(error: &Error) -> String {
    match error {
        Error::NoEntry => "there is no such entry".to_owned(),
        Error::PlatformFailure(why) => format!("the keyring failed: {why}"),
        Error::NoStorageAccess(why) => format!("the keyring is locked, or not to be had here: {why}"),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "the entry is no text".to_owned(),
        Error::Ambiguous(_) => "there is more than one such entry".to_owned(),
        Error::NotSupportedByStore(what) => what.clone(),
        _ => "the keyring does not give it".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_gives_its_secret_and_what_is_missing_is_said() {
        let store = keyring_core::mock::Store::new().unwrap();
        store.build("siyu", "main", None).unwrap().set_password("t0k").unwrap();
        assert_eq!(secret(store.as_ref(), "siyu", "main").unwrap(), "t0k");
        let missing = secret(store.as_ref(), "siyu", "other").unwrap_err();
        assert_eq!(told(&missing), "there is no such entry");
        store.build("siyu", "bytes", None).unwrap().set_secret(b"s3cret\xff").unwrap();
        let garbled = secret(store.as_ref(), "siyu", "bytes").unwrap_err();
        assert_eq!(told(&garbled), "the entry is no text");
    }

    /// The keyring of this session in the kernel; where the system's own is the user's, as on macOS,
    /// a test has no business in it.
    #[cfg(target_os = "linux")]
    #[test]
    fn the_systems_own_keyring_is_asked() {
        let account = format!("test-{}", std::process::id());
        let entry = store().unwrap().build("siyu", &account, None);
        let Ok(Ok(())) = entry.as_ref().map(|entry| entry.set_password("t0k")) else {
            eprintln!("skipped: no keyring can be written here");
            assert!(look_up("siyu", &account).is_err());
            return;
        };
        assert_eq!(look_up("siyu", &account).unwrap(), "t0k");
        entry.unwrap().delete_credential().unwrap();
        assert!(look_up("siyu", &account).is_err());
    }
}
