// Incomplete addresses made complete: missing hosts and domains, source routes. qmail-header(5).
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "core/base/failure.h"
#include "core/format/header_tokens.h"

namespace qmail::header {

using Rewrite = std::function<void(Tokens&)>;

/// A field, printed anew with its addresses as `rewrite` leaves them; none on bad syntax.
std::optional<std::string> rewrite_field(const std::string& line, const Rewrite& rewrite);
/// Says that `line` is bad syntax: permanent.
Failure unparsable(const std::string& line);

class Completion {
 public:
  /// Throws Failure (permanent) if one of the three makes no sense.
  Completion(const std::string& default_host, const std::string& default_domain,
             const std::string& plus_domain);

  /// Drops a source route and stray marks, adds the default host to an address without a host, the plus
  /// domain to a host that ends in '+', the default domain to a host without a dot. "<>" and "x@[]" stay as
  /// they are.
  void complete(Tokens& address) const;

 private:
  void add_host(Tokens& address) const;
  void add_plus_domain(Tokens& address) const;
  void add_domain(Tokens& address) const;

  Tokens at_default_host_, dot_default_domain_, dot_plus_domain_;
};

}  // namespace qmail::header
