// The resolver that programs use: asks the machine's name servers itself, so that programs can be linked
// statically (no libresolv, no NSS).
//
// /etc/resolv.conf names the servers (IPv4 and IPv6), `options timeout:N attempts:N` how long to try; it is
// read again for each question. Without it the server is 127.0.0.1. Addresses, and only they, come from
// /etc/hosts before the DNS is asked if resolv.conf says `lookup file bind` or names no server; `lookup file`
// alone asks no server at all. Stock qmail never reads /etc/hosts; neither do we in an ordinary setting.
#pragma once
#include <string>

#include "core/base/clock.h"
#include "core/dns/asker.h"
#include "core/dns/resolver.h"
#include "core/dns/sources.h"
#include "core/format/dns_message.h"
#include "core/format/resolv_conf.h"

namespace qmail::dns {

class SystemResolver final : public Resolver {
 public:
  explicit SystemResolver(const Clock& clock, Sources sources = {})
      : clock_(clock), sources_(std::move(sources)) {}

  /// What `name` may mean by the search list of resolv.conf; see search_names() in core/format/resolv_conf.h.
  std::vector<std::string> search_names(const std::string& name) const;

  Answer<Ip> addresses(const std::string& name) override;
  Answer<Mx> mail_exchangers(const std::string& domain) override;
  Answer<std::string> names(const Ip& ip) override;
  Answer<std::string> texts(const std::string& name) override;

 private:
  ResolvConf settings() const;
  Lookup look_up(const std::string& name, Type type);
  Answer<std::string> look_up_texts(const std::string& name, Type type);

  const Clock& clock_;
  Sources sources_;
};

}  // namespace qmail::dns
