"""The mail servers: what they are installed from, how they are set up, started and looked into.

All of them: durable as shipped, logging as shipped, no TLS, no DNS, `at_once` remote deliveries where that can be set;
local.test is delivered to Maildirs, each list domain goes to its own address, the rest to the sink at 127.0.0.1.
"""
import json
import os
import subprocess

from . import roots, site
from .figures import OURS


class Peer:
    """What all have in common; see the attributes for what a new one has to say."""

    name = ""
    packages = ()
    start = ""  # a shell script, run as root inside; may end or stay
    sendmail = "/usr/sbin/sendmail"
    log_sink = "busybox"  # the process that only writes the log: not counted as memory
    fewer = {}  # scenario -> messages, for one that would take all night
    cannot = ()  # scenarios that it has nothing to show in

    def make_root(self, cache, target):
        """A root of its own at `target`, to be thrown away."""
        roots.copy(roots.with_packages(cache, self.name, self.packages), target)

    def configure(self, root, at_once):
        raise NotImplementedError

    def queued(self, root):
        """Messages in the queue."""
        raise NotImplementedError

    def version(self, root):
        return root.run("dpkg-query", "-W", "-f", "${Package} ${Version}", self.packages[0]).strip()


class Qmailkit(Peer):
    name = OURS
    start = "exec /var/qmail/bin/qmail-run > /var/log/qmail.log 2>&1\n"
    log_sink = ""

    def __init__(self, build):
        self.build = build

    def make_root(self, cache, target):
        root = roots.bare(target)
        roots.run("cmake", "--install", self.build, env={**os.environ, "DESTDIR": str(target)}, stdout=subprocess.DEVNULL)
        for program in root.at("var/qmail/bin").iterdir():
            roots.copy_files(root, roots.libraries(program))
        answers = root.at("answers.json")
        answers.write_text(json.dumps({"role": "internet", "hostname": site.NAME, "domains": [site.LOCAL]}))
        roots.run(target / "var/qmail/bin/qmail-install", "--root", target, "--answers", answers, "--yes", stdout=subprocess.DEVNULL)

    def configure(self, root, at_once):
        control = {
            "locals": [site.LOCAL, site.NAME, "localhost"],
            "rcpthosts": [site.LOCAL, site.NAME, "localhost"],
            "smtproutes": [*(f"{d}:{a}:{site.SINK_PORT}" for d, a in site.routes()), f":127.0.0.1:{site.SINK_PORT}"],
            "concurrencylocal": ["100"],
            "concurrencyremote": [str(at_once)],
            "concurrencyincoming": ["200"],
        }
        for name, lines in control.items():
            root.write(f"var/qmail/control/{name}", "".join(line + "\n" for line in lines))

    def queued(self, root):
        status = root.run("/var/qmail/bin/qmail-qstat")
        return int(status.split("messages in queue: ")[1].split()[0])

    def version(self, root):
        return "this tree"


class Postfix(Peer):
    name = "postfix"
    packages = ("postfix",)
    start = "busybox syslogd -S -O /var/log/mail.log\nexec postfix start\n"
    SPOOL = [f"var/spool/postfix/{name}" for name in ("incoming", "active", "deferred", "maildrop")]

    def configure(self, root, at_once):
        root.write("etc/postfix/main.cf", f"""\
compatibility_level = 3.6
myhostname = {site.NAME}
mydestination = {site.LOCAL}, {site.NAME}, localhost
mynetworks = 127.0.0.0/8
inet_protocols = ipv4
home_mailbox = Maildir/
mailbox_size_limit = 0
biff = no
alias_maps = hash:/etc/aliases
alias_database = hash:/etc/aliases
transport_maps = hash:/etc/postfix/transport
relayhost = [127.0.0.1]:{site.SINK_PORT}
smtp_host_lookup = native
smtp_tls_security_level = none
smtpd_tls_security_level = none
default_process_limit = {at_once}
default_destination_concurrency_limit = {at_once}
""")
        root.write("etc/postfix/transport", "".join(f"{d} smtp:[{d}]:{site.SINK_PORT}\n" for d in site.DOMAINS))
        root.write("etc/aliases", "postmaster: root\n")
        root.run("postconf", "-F", "*/*/chroot=n")
        root.run("postmap", "hash:/etc/postfix/transport")
        root.run("newaliases")

    def queued(self, root):
        return root.count(*self.SPOOL)


class Exim(Peer):
    name = "exim"
    packages = ("exim4-daemon-light",)
    start = "exec exim4 -bd -q30m\n"
    log_sink = ""
    fewer = {name: 1000 for name in ("S1a", "S1b", "S1c", "S2", "S2b")}

    # Not its defaults: a split spool, and sessions of more than ten messages, whose rest it would leave in the queue.
    CONFIGURATION = """\
primary_hostname = @NAME@
domainlist ours = @LOCAL@ : @NAME@ : localhost
disable_ipv6 = true
tls_advertise_hosts =
keep_environment =
never_users = root
log_file_path = /var/log/exim4/%slog
acl_smtp_rcpt = recipients
smtp_accept_max = 200
smtp_accept_queue_per_connection = 0
split_spool_directory = true
remote_max_parallel = @AT_ONCE@
dns_dnssec_ok = 0
begin acl
recipients:
  accept hosts = 127.0.0.0/8 : <; @[]
  accept domains = +ours
  deny
begin routers
lists:
  driver = manualroute
  domains = ^d[0-9]+\\\\.test\\$
  route_list = * $domain byname
  self = send
  transport = out
  no_more
others:
  driver = manualroute
  domains = ! +ours
  route_list = * 127.0.0.1 byname
  self = send
  transport = out
  no_more
users:
  driver = accept
  check_local_user
  transport = home
begin transports
out:
  driver = smtp
  port = @PORT@
  allow_localhost
  hosts_avoid_tls = *
home:
  driver = appendfile
  directory = $home/Maildir
  maildir_format
  return_path_add
begin retry
* * F,2h,15m; G,16h,1h,1.5; F,4d,6h
"""

    def configure(self, root, at_once):
        text = self.CONFIGURATION
        for word, value in (("NAME", site.NAME), ("LOCAL", site.LOCAL), ("AT_ONCE", at_once), ("PORT", site.SINK_PORT)):
            text = text.replace(f"@{word}@", str(value))
        root.write("etc/exim4/exim4.conf", text)
        root.run("exim4", "-bV")

    def queued(self, root):
        return root.count("var/spool/exim4/input", pattern="*-H")


class Opensmtpd(Peer):
    name = "opensmtpd"
    packages = ("opensmtpd",)
    start = "busybox syslogd -S -O /var/log/mail.log\nexec smtpd\n"
    # Five connections may wait, compiled in: of twenty at a time some lose their first packet and try again a second later.
    fewer = {"S1a": 200, "S1b": 1000, "S1c": 200, "S2": 200, "S2b": 200, "S5L": 200}
    SPOOL = "var/spool/smtpd"

    def configure(self, root, at_once):
        limits = "".join(f"mta limit max-conn-per-{name} {at_once}\n" for name in ("host", "route", "connector", "relay", "domain"))
        actions = "".join(f'action "{d}" relay host smtp://{a}:{site.SINK_PORT}\n' for d, a in site.routes())
        matches = "".join(f'match from any for domain "{d}" action "{d}"\n' for d in site.DOMAINS)
        root.write("etc/smtpd.conf", f"""\
listen on 127.0.0.1 port 25 hostname {site.NAME}
smtp limit max-mails 100000
smtp limit max-rcpt 10000
{limits}mda limit max-session-per-user 50
table aliases file:/etc/aliases
action "home" maildir alias <aliases>
action "rest" relay host smtp://127.0.0.1:{site.SINK_PORT}
{actions}match from any for domain {{ "{site.LOCAL}" "{site.NAME}" "localhost" }} action "home"
{matches}match from any for any action "rest"
""")
        root.write("etc/aliases", "postmaster: root\n")
        root.run("smtpd", "-n")

    def queued(self, root):
        return root.count(f"{self.SPOOL}/queue", pattern="message") + root.count(f"{self.SPOOL}/incoming", pattern="message")


class Sendmail(Peer):
    name = "sendmail"
    packages = ("sendmail-bin", "sendmail-cf", "procmail", "m4")
    start = """\
mkdir -p /var/run/sendmail/mta
busybox syslogd -S -O /var/log/mail.log
/usr/sbin/sendmail-msp -Ac -q10m
exec /usr/sbin/sendmail-mta -bd -q10m
"""
    fewer = {name: 1000 for name in ("S1a", "S1b", "S1c", "S2", "S2b")}
    cannot = ("S3w",)  # one process delivers a message's recipients one after the other

    # No gate by load average: the machine is meant to be busy.
    SETTINGS = {
        "confDOMAIN_NAME": site.NAME, "confCW_FILE": "/etc/mail/local-host-names", "confDELIVERY_MODE": "background",
        "confPID_FILE": "/var/run/sendmail/mta/sendmail.pid", "confSERVICE_SWITCH_FILE": "/etc/mail/service.switch-nodns",
        "confQUEUE_LA": "1000", "confREFUSE_LA": "1000", "confDELAY_LA": "0", "confTO_IDENT": "0",
        "confEBINDIR": "/usr/libexec/sendmail", "confDEF_USER_ID": "mail:mail", "STATUS_FILE": "/var/lib/sendmail/sendmail.st",
        "ALIAS_FILE": "/etc/mail/aliases", "RELAY_MAILER_ARGS": f"TCP $h {site.SINK_PORT}", "ESMTP_MAILER_ARGS": f"TCP $h {site.SINK_PORT}",
        "SMART_HOST": "relay:[127.0.0.1]", "PROCMAIL_MAILER_PATH": "/usr/bin/procmail",
    }
    FEATURES = ["use_cw_file", "nocanonify", "accept_unresolvable_domains", "accept_unqualified_senders", "promiscuous_relay",
                "mailertable', `hash -o /etc/mail/mailertable", "local_procmail", "no_default_msa"]

    def configure(self, root, at_once):
        lines = ["define(`_USE_ETC_MAIL_')", "include(`/usr/share/sendmail/cf/m4/cf.m4')", "OSTYPE(`linux')"]
        lines += [f"define(`{name}', `{value}')" for name, value in self.SETTINGS.items()]
        lines += [f"FEATURE(`{name}')" for name in self.FEATURES]
        lines += ["DAEMON_OPTIONS(`Family=inet, Name=MTA, Port=smtp, Addr=127.0.0.1, Listen=128')"]
        lines += [f"MAILER(`{name}')" for name in ("local", "smtp", "procmail")]
        root.write("etc/mail/sendmail.mc", "".join(line + "dnl\n" for line in lines))
        root.write("etc/mail/sendmail.cf", root.run("m4", "/etc/mail/sendmail.mc"))
        root.write("etc/mail/local-host-names", f"{site.LOCAL}\n{site.NAME}\nlocalhost\n")
        root.write("etc/mail/mailertable", "".join(f"{d}\tesmtp:[{a}]\n" for d, a in site.routes()))
        root.write("etc/mail/aliases", "postmaster: root\n")
        root.write("etc/procmailrc", "DEFAULT=$HOME/Maildir/\n")
        submit = root.at("etc/mail/submit.cf").read_text().splitlines()
        changed = {"ServiceSwitchFile": "/etc/mail/service.switch-nodns", "QueueLA": "1000", "RefuseLA": "1000"}
        kept = [line for line in submit if not any(line.lstrip("#").startswith(f"O {name}=") for name in changed)]
        root.write("etc/mail/submit.cf", "\n".join([*(f"O {name}={value}" for name, value in changed.items()), *kept]) + "\n")
        root.run("sh", "-c", """
set -e
chown -R root:smmsp /etc/mail; chmod 755 /etc/mail
cd /etc/mail
for table in mailertable aliases; do rm -f $table.db; touch $table.db; chmod 640 $table.db; done
/usr/libexec/sendmail/makemap hash mailertable < mailertable
chown root:smmsp /var/spool/mqueue; chmod 700 /var/spool/mqueue
mkdir -p /var/run/sendmail/mta /var/run/sendmail/msp; chown root:smmsp /var/run/sendmail/mta
/usr/sbin/sendmail-mta -bi
""")

    def queued(self, root):
        return root.count("var/spool/mqueue", "var/spool/mqueue-client", pattern="qf*")


def all_peers(build):
    """By name, ours first."""
    return {peer.name: peer for peer in (Qmailkit(build), Postfix(), Exim(), Opensmtpd(), Sendmail())}
