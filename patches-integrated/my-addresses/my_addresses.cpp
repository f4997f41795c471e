// my-addresses: which addresses are this host's, and which it sends from. See README.md.
#include "core/base/text.h"
#include "core/smtp/client_hook.h"
#include "patches-integrated/my-addresses/address_book.h"

namespace qmail::features::my_addresses {
namespace {

class MyAddresses final : public smtpc::Feature {
 public:
  /// False if there is no such file.
  bool read(const Control& control, const std::string& file, bool (AddressBook::*add)(std::string_view),
            const char* expected);

  smtpc::Routing route(std::string_view, std::string_view) override {
    if (!bad_line_) return smtpc::go_on;
    return smtpc::Refusal{'Z', "Unable to make sense of the line " + *bad_line_ + ". (#4.3.5)\n"};
  }
  bool is_own(const Ip& ip, bool by_interface) const override { return book_.is_own(ip, by_interface); }
  std::optional<Ip> source(const smtpc::Destination& destination) const override {
    return book_.source(destination.sender, destination.address.ip);
  }
  std::string sharing(const smtpc::Destination& destination) const override {
    const auto from = source(destination);
    return from ? from->text() : "";
  }

 private:
  AddressBook book_;
  std::optional<std::string> bad_line_;  ///< the first that makes no sense, and its file
};

bool MyAddresses::read(const Control& control, const std::string& file,
                       bool (AddressBook::*add)(std::string_view), const char* expected) {
  const auto lines = control.numbered_lines(file);
  for (const ControlLine& line : lines.value_or(std::vector<ControlLine>())) {
    if ((book_.*add)(line.text)) continue;
    control.complain({file, line.number, "expected " + std::string(expected) + "; all mail waits"});
    if (!bad_line_) bad_line_ = printable(line.text, '?') + " in control/" + file;
  }
  return lines.has_value();
}

}  // namespace
}  // namespace qmail::features::my_addresses

namespace qmail::features {

std::unique_ptr<smtpc::Feature> configure_my_addresses(const smtpc::Configuration& configuration) {
  using my_addresses::AddressBook;
  const Control& control = configuration.control;
  constexpr const char* network = "an address, ADDRESS/BITS or ADDRESS/MASK";
  auto feature = std::make_unique<my_addresses::MyAddresses>();
  const bool has_own = feature->read(control, "moreipme", &AddressBook::add_own, network);
  const bool has_others = feature->read(control, "notipme", &AddressBook::add_other, network);
  const bool has_source = feature->read(control, "outgoingip", &AddressBook::add_source, "an address");
  const bool has_sources =
      feature->read(control, "outgoingips", &AddressBook::add_source_of_host, "HOST:ADDRESS");
  return has_own || has_others || has_source || has_sources ? std::move(feature) : nullptr;
}

}  // namespace qmail::features
