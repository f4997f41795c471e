// my-addresses: which addresses are this host's, and which it sends from. See README.md.
#include "core/smtp/client_hook.h"
#include "patches-integrated/my-addresses/address_book.h"

namespace qmail::features::my_addresses {
namespace {

class MyAddresses final : public smtpc::Feature {
 public:
  explicit MyAddresses(AddressBook book) : book_(std::move(book)) {}

  smtpc::Routing route(std::string_view, std::string_view) override {
    if (!book_.bad_line()) return smtpc::go_on;
    return smtpc::Refusal{'Z', "Unable to make sense of the line " + *book_.bad_line() + ". (#4.3.5)\n"};
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
};

}  // namespace
}  // namespace qmail::features::my_addresses

namespace qmail::features {

std::unique_ptr<smtpc::Feature> configure_my_addresses(const smtpc::Configuration& configuration) {
  const Control& control = configuration.control;
  const auto more = control.lines("moreipme"), fewer = control.lines("notipme");
  const auto source = control.lines("outgoingip"), sources = control.lines("outgoingips");
  if (!more && !fewer && !source && !sources) return nullptr;
  my_addresses::AddressBook book;
  if (more) book.read_own(*more, true);
  if (fewer) book.read_own(*fewer, false);
  if (source) book.read_source(*source);
  if (sources) book.read_sources(*sources);
  return std::make_unique<my_addresses::MyAddresses>(std::move(book));
}

}  // namespace qmail::features
