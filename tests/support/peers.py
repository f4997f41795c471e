"""Other mail servers of the distribution, on the remote host."""
import shutil
import subprocess
from pathlib import Path

from machine import run, run_remote, wait_for_port


def start_postfix(machine, *settings):
    """Postfix as mx.remote.example on 192.0.2.25, for remote.example's user joe; `settings` are lines of its main.cf."""
    machine.place_peer("postfix")
    run("groupadd", "-r", "-f", "postdrop")
    subprocess.run(["useradd", "-r", "-M", "-d", "/var/spool/postfix", "-s", "/usr/sbin/nologin", "postfix"], capture_output=True)
    machine.add_user("joe")
    Path("/etc/postfix/main.cf").write_text(
        "compatibility_level = 3.6\nmyhostname = mx.remote.example\nmydestination = remote.example\n"
        "inet_interfaces = 192.0.2.25\nsmtp_bind_address = 192.0.2.25\nmynetworks = 192.0.2.25\nhome_mailbox = Maildir/\n"
        "maillog_file = /var/log/postfix.log\nalias_maps =\nalias_database =\nlocal_recipient_maps =\n"
        "qmqpd_authorized_clients = 192.0.2.1\n" + "".join(line + "\n" for line in settings)
    )
    master = Path("/usr/share/postfix/master.cf.dist").read_text()
    lines = []
    for line in master.splitlines():
        fields = line.split()
        if fields and not line[0].isspace() and line[0] != "#":
            line = "\t".join(fields[:4] + ["n"] + fields[5:])  # no chroot jails
        lines.append(line)
    lines.append("628\tinet\tn\t-\tn\t-\t-\tqmqpd")
    lines.append("postlog\tunix-dgram\tn\t-\tn\t-\t1\tpostlogd")
    Path("/etc/postfix/master.cf").write_text("\n".join(lines) + "\n")
    run("sh", "-c", "chown postfix /var/lib/postfix; cd /usr/sbin; chgrp postdrop postqueue postdrop; chmod 2755 postqueue postdrop")
    done = run_remote("postfix", "start", check=False)
    assert done.returncode == 0, Path("/var/log/postfix.log").read_text()
    wait_for_port(25, "192.0.2.25")


EXIM = """
primary_hostname = mx.remote.example
spool_directory = /var/spool/exim4
log_file_path = /var/spool/exim4/log/%s
begin routers
all:
  driver = dnslookup
  transport = smtp
begin transports
smtp:
  driver = smtp
  interface = 192.0.2.25
  port = 25
"""


EXIM_SERVER = """
primary_hostname = mx.remote.example
spool_directory = /var/spool/exim4
log_file_path = /var/spool/exim4/log/%s
local_interfaces = 192.0.2.25
daemon_smtp_ports = 25
tls_advertise_hosts = *
tls_certificate = /etc/exim4.pem
acl_smtp_rcpt = rcpt
begin acl
rcpt:
  accept {condition}
begin routers
all:
  driver = accept
  transport = box
begin transports
box:
  driver = appendfile
  file = /var/spool/exim4/box
  user = Debian-exim
begin authenticators
{authenticators}
"""


def place_exim(machine):
    machine.place_peer("exim4-daemon-light")
    run("useradd", "-r", "-M", "-d", "/var/spool/exim4", "-s", "/usr/sbin/nologin", "Debian-exim")
    for folder in (Path("/var/spool/exim4"), Path("/var/spool/exim4/log")):
        folder.mkdir(exist_ok=True)
        shutil.chown(folder, "Debian-exim", "Debian-exim")


def start_exim(machine, pair, condition="", authenticators=""):
    """Exim as mx.remote.example on 192.0.2.25, which takes mail where an ACL's `condition` holds. Its log."""
    place_exim(machine)
    Path("/etc/exim4.pem").write_text(pair.both)
    config = Path("/etc/exim4.conf")
    config.write_text(EXIM_SERVER.format(condition=condition, authenticators=authenticators))
    machine.helper("exim4", "-C", str(config), "-bdf")
    wait_for_port(25, "192.0.2.25")
    return Path("/var/spool/exim4/log/main")


def send_by_exim(machine, sender, recipient, message, *settings):
    """Has Exim, as mx.remote.example, deliver one message by SMTP; `settings` are lines of its transport. What it logged."""
    place_exim(machine)
    config = Path("/etc/exim4.conf")
    config.write_text(EXIM + "".join(f"  {line}\n" for line in settings))
    run_remote("exim4", "-C", str(config), "-odf", "-f", sender, recipient, stdin=message)
    return "".join(file.read_text() for file in Path("/var/spool/exim4/log").iterdir())
