//! The ways in which an account is signed in to, each with how it stands, as `/me` shows them.

use app::pages::WayLine;
use backend::SignInMethods;

/// All of them; recovery codes once there are some.
pub(super) fn ways(ways: &SignInMethods) -> Vec<WayLine> {
    [password(ways), app(ways), passkeys(ways)]
        .into_iter()
        .chain(ways.recovery.map(recovery_codes))
        .collect()
}

fn password(ways: &SignInMethods) -> WayLine {
    let (state, action) = if ways.password {
        ("Set", ("Change", "Change the password"))
    } else {
        ("None", ("Set", "Set a password"))
    };
    WayLine {
        name: "Password",
        state: state.to_owned(),
        href: "/me/password",
        action,
    }
}

fn app(ways: &SignInMethods) -> WayLine {
    let (state, action) = if ways.totp.is_some() {
        (
            "Asked for after the password",
            ("Manage", "Manage the authenticator app"),
        )
    } else {
        ("Off", ("Set up", "Set up an authenticator app"))
    };
    WayLine {
        name: "Authenticator app",
        state: state.to_owned(),
        href: "/me/second-factor",
        action,
    }
}

fn passkeys(ways: &SignInMethods) -> WayLine {
    let names: Vec<&str> = ways
        .passkeys
        .iter()
        .map(|passkey| passkey.name.as_str())
        .collect();
    let (state, action) = if names.is_empty() {
        ("None".to_owned(), ("Add", "Add a passkey"))
    } else {
        (names.join(", "), ("Manage", "Manage passkeys"))
    };
    WayLine {
        name: "Passkeys",
        state,
        href: "/me/passkeys",
        action,
    }
}

fn recovery_codes(left: u64) -> WayLine {
    WayLine {
        name: "Recovery codes",
        state: format!("{left} of 10 left"),
        href: "/me/recovery-codes",
        action: ("See", "See recovery codes"),
    }
}
