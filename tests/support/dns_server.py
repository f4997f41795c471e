#!/usr/bin/env python3
"""dns_server.py ADDRESS PORT ZONEFILE [--no-recursion]: a small DNS server for tests, over UDP and TCP.

Answers from ZONEFILE, one record a line, '#' starts a comment:

  mx.example        A      192.0.2.1
  mx.example        AAAA   2001:db8::1
  example           MX     10 mx.example      a host of "." is a null MX
  www.example       CNAME  mx.example
  1.2.0.192.in-addr.arpa PTR mx.example
  example           TXT    any text
  *.bulk.example    A      192.0.2.9          any name below that has no lines of its own
  mx.example        TTL    5                  seconds for which its records may be kept; else 60
  example           SOA    30                 seconds for which a "no" about a name below may be kept

and misbehaves where a line asks for it:

  slow.example      DELAY 2                   answers after so many seconds
  dead.example      IGNORE                    never answers
  broken.example    SERVFAIL                  also REFUSED, FORMERR, NOTIMP
  large.example     TRUNCATE                  over UDP sends no records, only the mark that there are some
  old.example       NOEDNS                    answers FORMERR to a query with EDNS
  odd.example       RAW 8180 0001 ...         these bytes, in hexadecimal, after the query's id

Several addresses may be given, with commas between. With PORT 0 the system chooses one. Prints "ready PORT"
when it answers. --no-recursion: does not follow CNAMEs and says so.
"""
import argparse
import ipaddress
import socketserver
import struct
import threading
import time

TYPES = {"A": 1, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}
CODES = {"FORMERR": 1, "SERVFAIL": 2, "NXDOMAIN": 3, "NOTIMP": 4, "REFUSED": 5}
RESPONSE, AUTHORITATIVE, TRUNCATED, RECURSION_AVAILABLE = 0x8000, 0x0400, 0x0200, 0x0080


def wire_name(text):
    labels = [label.encode() for label in text.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def wire_data(kind, value):
    if kind in ("A", "AAAA"):
        return ipaddress.ip_address(value).packed
    if kind == "MX":
        preference, host = value.split()
        return struct.pack("!H", int(preference)) + wire_name(host)
    if kind == "TXT":
        text = value.encode()
        return b"".join(bytes([len(text[i : i + 255])]) + text[i : i + 255] for i in range(0, len(text), 255))
    if kind == "SOA":
        return wire_name("ns.example") + wire_name("root.example") + struct.pack("!5I", 1, 1, 1, 1, int(value))
    return wire_name(value)


def read_zone(path):
    """name -> list of (kind, value)"""
    zone = {}
    with open(path) as file:
        for line in file:
            words = line.split("#")[0].split(None, 2)
            if len(words) >= 2:
                name = words[0].lower().rstrip(".")
                zone.setdefault(name, []).append((words[1].upper(), words[2].strip() if words[2:] else ""))
    return zone


class Server:
    def __init__(self, zone, recursive=True):
        self.zone, self.recursive = zone, recursive

    def lines(self, name):
        found = self.zone.get(name)
        while found is None and "." in name:
            name = name.split(".", 1)[1]
            found = self.zone.get("*." + name)
        return found

    def exists(self, name):
        return self.lines(name) is not None or any(known.endswith("." + name) for known in self.zone)

    def records(self, name, wanted):
        """The answer section's records, along CNAMEs."""
        found = []
        for _ in range(20):
            lines = self.lines(name) or []
            here = [(name, kind, value) for kind, value in lines if TYPES.get(kind) == wanted]
            alias = next((value for kind, value in lines if kind == "CNAME"), None)
            if here or alias is None:
                return found + here, name
            found.append((name, "CNAME", alias))
            name = alias.lower().rstrip(".")
            if not self.recursive:
                break
        return found, name

    def ttl(self, name):
        return next((int(value) for kind, value in self.lines(name) or [] if kind == "TTL"), 60)

    def authority(self, name):
        """The SOA record that speaks for a name that has nothing."""
        while name:
            found = [(name, kind, value) for kind, value in self.zone.get(name, []) if kind == "SOA"]
            if found:
                return found
            name = name.partition(".")[2]
        return []

    def answer(self, query, over_udp):
        """The reply's bytes, or None to stay silent."""
        number, _, questions, _, _, extras = struct.unpack("!6H", query[:12])
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1 : at + 1 + query[at]].decode("latin-1"))
            at += query[at] + 1
        question = query[12 : at + 5]
        wanted = struct.unpack("!H", query[at + 1 : at + 3])[0]
        name = ".".join(labels).lower()
        orders = {kind: value for kind, value in self.lines(name) or []}
        time.sleep(float(orders.get("DELAY", 0)))
        if "IGNORE" in orders:
            return None
        if "RAW" in orders:
            return query[:2] + bytes.fromhex(orders["RAW"].replace(" ", ""))
        flags = RESPONSE | (RECURSION_AVAILABLE if self.recursive else AUTHORITATIVE)
        code = next((CODES[kind] for kind in orders if kind in CODES), 0)
        if "NOEDNS" in orders and extras:
            code = CODES["FORMERR"]
        found, last = self.records(name, wanted)
        if code == 0 and not self.exists(last) and (self.recursive or last == name):
            code = CODES["NXDOMAIN"]
        if "TRUNCATE" in orders and over_udp:
            found, flags = [], flags | TRUNCATED
        authority = self.authority(last) if not found else []
        section = b""
        for owner, kind, value in found + authority:
            data = wire_data(kind, value)
            section += wire_name(owner) + struct.pack("!HHIH", TYPES[kind], 1, self.ttl(owner), len(data)) + data
        return struct.pack("!6H", number, flags | code, 1, len(found), len(authority), 0) + question + section


def serve(server, address, port):
    """Starts the threads; returns the port they answer on."""

    class Udp(socketserver.BaseRequestHandler):
        def handle(self):
            reply = server.answer(self.request[0], True)
            if reply is not None:
                self.request[1].sendto(reply, self.client_address)

    class Tcp(socketserver.StreamRequestHandler):
        def handle(self):
            while len(size := self.rfile.read(2)) == 2:
                reply = server.answer(self.rfile.read(struct.unpack("!H", size)[0]), False)
                if reply is None:
                    return
                self.wfile.write(struct.pack("!H", len(reply)) + reply)

    family = 10 if ":" in address else 2  # AF_INET6, AF_INET
    # TCP comes last: who waits until a connection can be made may ask over UDP too.
    for base, handler in ((socketserver.ThreadingUDPServer, Udp), (socketserver.ThreadingTCPServer, Tcp)):
        kind = type("Listener", (base,), {"address_family": family, "allow_reuse_address": True, "daemon_threads": True})
        listener = kind((address, port), handler)
        port = listener.server_address[1]
        threading.Thread(target=listener.serve_forever).start()
    return port


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("address")
    arguments.add_argument("port", type=int)
    arguments.add_argument("zonefile")
    arguments.add_argument("--no-recursion", action="store_true")
    given = arguments.parse_args()
    server = Server(read_zone(given.zonefile), not given.no_recursion)
    port = given.port
    for address in given.address.split(","):
        port = serve(server, address, port)
    print("ready", port, flush=True)


if __name__ == "__main__":
    main()
