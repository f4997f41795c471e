// ipmeprint: print the addresses of this host. See ipmeprint(8).
#include "core/base/io.h"
#include "core/base/program.h"
#include "core/dns/own_addresses.h"

int main(int argc, char** argv) {
  return qmail::run_program("ipmeprint", argc, argv, [](qmail::Process& self) {
    qmail::Writer out(self.out);
    for (const qmail::Ip& ip : qmail::dns::own_addresses()) out.put(ip.text()).put('\n');
    out.flush_or_throw("standard output");
    return 0;
  });
}
