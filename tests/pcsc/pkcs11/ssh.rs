//! ssh: the keys as it lists them, a login to a server with the key of the card, an agent that holds it, and git.

use super::{Bench, ID_PIN, IMAGES, SIGN_PIN, presentations, recipe};
use std::fs;

/// A server for one connection, which the client starts itself: it speaks the protocol through its standard streams, and no port is opened.
/// Who is root only in a name space of a user cannot serve as root does, and becomes that user again.
const SERVER: &str = r#"
folder=$PWD server=$(command -v sshd) user=$(id -un)
read -r inside outside _ < /proc/self/uid_map
if [ "$inside" = 0 ] && [ "$outside" != 0 ]; then
    user=$(id -un "$outside")
    server="unshare --user --map-user=$outside --map-group=$(id -g "$outside") -- $server"
elif [ "$(id -u)" = 0 ]; then
    mkdir -p /run/sshd
fi
ssh-keygen -q -t ed25519 -N '' -f host_key
cat > server.conf <<END
HostKey $folder/host_key
AuthorizedKeysFile $folder/authorized_keys
AuthenticationMethods publickey
PermitRootLogin yes
StrictModes no
UsePAM no
PidFile none
END
cat > client.conf <<END
Host host
User $user
ProxyCommand $server -i -f $folder/server.conf
UserKnownHostsFile $folder/known_hosts
StrictHostKeyChecking accept-new
IdentityFile none
RemoteCommand echo came in with the key of the card
RequestTTY no
END
ssh-keygen -D $M | grep 'Authentication key' > authorized_keys
ssh() { command ssh -F client.conf "$@"; }
"#;

/// An agent that ends with the shell, and takes the module from where it lies.
const AGENT: &str = r#"
eval "$(ssh-agent -s -P "${M%/*}/*")"
trap 'ssh-agent -k' EXIT
"#;

/// The recipe, for an agent that takes the module from where it lies.
fn recipe_of_ssh() -> String {
    recipe("ssh").replace("'/usr/lib/*,/usr/local/lib/*'", "\"${M%/*}/*\"")
}

const CAME_IN: &str = "came in with the key of the card";
const QUESTION: &str = "Enter PIN for 'SPECIMEN ID card (identity)': ";
const AGENT_QUESTION: &str = "Enter passphrase for PKCS#11: ";

#[test]
fn ssh_logs_in_with_the_key_of_each_card() {
    for image in IMAGES {
        let bench = Bench::with(image);
        let login = recipe("ssh").lines().find(|line| line.starts_with("ssh -o")).unwrap().to_owned();
        let shown = bench.follows(&format!("{SERVER}{login}"), &[(QUESTION, ID_PIN)]);
        assert!(shown.contains(CAME_IN), "{image}: {shown}");
        let presented = presentations(&bench.commands_until_removed());
        assert_eq!(presented, [(0x81, ID_PIN.to_owned())], "{image}: one login, one VERIFY");
    }
}

#[test]
fn a_wrong_pin_opens_no_door_and_costs_one_try() {
    let bench = Bench::with("specimen");
    let lines = format!("{SERVER}ssh -o PKCS11Provider=$M host");
    let (succeeded, shown) = bench.at_terminal(&lines, &[(QUESTION, "4321")]);
    assert!(!succeeded && !shown.contains(CAME_IN), "{shown}");
    assert_eq!(presentations(&bench.commands_until_removed()), [(0x81, "4321".to_owned())]);
}

#[test]
fn the_recipes_of_ssh_and_git_are_right() {
    for image in ["specimen", "specimen-p256"] {
        let bench = Bench::with(image);
        let lines = format!(
            "{SERVER}trap 'ssh-agent -k' EXIT\n{}\ncommand ssh -F client.conf host\n{IN_A_REPOSITORY}{}{GIT_JUDGES}",
            recipe_of_ssh(),
            recipe("git")
        );
        let shown = bench.follows(&lines, &[(QUESTION, ID_PIN), (AGENT_QUESTION, ID_PIN)]);
        assert_eq!(shown.matches(CAME_IN).count(), 2, "{image}: {shown}");
        assert!(shown.contains("Good \"git\" signature for holder"), "{image}: {shown}");
        assert!(presentations(&bench.commands_until_removed()).iter().all(|(object, _)| *object == 0x81));
    }
}

const IN_A_REPOSITORY: &str = r#"
git init -q repository
cd repository
git config user.name holder
git config user.email holder@example.ir
git config core.editor true
git config commit.template /dev/stdin
git() { if [ "$1" = commit ]; then command git "$@" -q --allow-empty -m message; else command git "$@"; fi; }
"#;

const GIT_JUDGES: &str = r#"
echo "holder $(ssh-keygen -D $M | grep 'Authentication key')" > allowed
git config gpg.ssh.allowedSignersFile allowed
git verify-commit HEAD
"#;

/// An ID PIN that is long enough for a SIGN PIN.
const LONG_PIN: &str = "805163";

impl Bench {
    /// Gives the card a long ID PIN, has an agent take the module, and tells the tries of the SIGN PIN and what was shown.
    fn agent_gets_a_long_pin(&self, agent: &str) -> (u64, String) {
        let secrets = self.lab.path("secrets");
        fs::write(&secrets, format!("{ID_PIN}\n{LONG_PIN}\n")).unwrap();
        self.done("chmod", &["600", "secrets"]);
        let change = ["pin", "change", "--pin-kind", "id", "--pin-file", "secrets"];
        assert!(self.lab.idcard(change).status.success());
        let (_, shown) = self.at_terminal(&format!("{agent}ssh-add -s $M; ssh-add -L"), &[(AGENT_QUESTION, LONG_PIN)]);
        let tries = self.lab.idcard(["pin", "status", "--pin-kind", "sign", "--json"]);
        let tries: serde_json::Value = serde_json::from_slice(&tries.stdout).unwrap();
        (tries["pins"][0]["tries_left"].as_u64().unwrap(), shown)
    }
}

/// An agent logs in to every slot with the PIN that it was given: one that is long enough for both is tried at both.
#[test]
fn an_agent_tries_a_long_identity_pin_at_the_signature_slot_too() {
    let bench = Bench::with("specimen");
    assert_ne!(SIGN_PIN, LONG_PIN);
    assert_eq!(bench.agent_gets_a_long_pin(AGENT).0, 2, "docs/pkcs11.md warns of this");
}

#[test]
fn an_agent_that_is_shown_the_identity_slot_alone_leaves_the_signature_pin_in_peace() {
    let bench = Bench::with("specimen");
    let agent = recipe_of_ssh().lines().find(|line| line.contains("ssh-agent")).unwrap().to_owned();
    let (tries, shown) = bench.agent_gets_a_long_pin(&format!("trap 'ssh-agent -k' EXIT\n{agent}\n"));
    assert_eq!(tries, 3, "{shown}");
    assert!(shown.contains("Authentication key") && !shown.contains("Signing key"), "{shown}");
    assert!(presentations(&bench.commands_until_removed()).iter().all(|(object, _)| *object != 0x82));
}

/// Looking at a card selects what is selected already, and leaves out what lies elsewhere.
#[test]
fn an_agent_stays_logged_in_while_other_programs_look_at_the_card() {
    for image in IMAGES {
        let bench = Bench::with(image);
        let looks = "ssh-keygen -D $M; pkcs11-tool --module $M -L -O -M; \
            p11tool --provider $M --list-all 'pkcs11:token=SPECIMEN%20ID%20card%20%28identity%29'";
        let lines = format!("{SERVER}{AGENT}ssh-add -s $M\n{looks}\ncommand ssh -F client.conf host");
        let shown = bench.follows(&lines, &[(AGENT_QUESTION, ID_PIN)]);
        assert!(shown.contains(CAME_IN), "{image}: {shown}");
        assert_eq!(presentations(&bench.commands_until_removed()), [(0x81, ID_PIN.to_owned())], "{image}");
    }
}
