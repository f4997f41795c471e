// fuzzes: qlist.code
#include <cstdint>
#include <cstdlib>

#include "core/base/failure.h"
#include "core/programs/qlist/list.h"
#include "core/programs/qlist/notices.h"

using namespace qmail;

namespace {

/// What has been subscribed is one line more, and gone when it is unsubscribed.
void check_edit(std::string_view text, const std::string& address) {
  const auto with = qlist::edit(text, address, qlist::Action::subscribe);
  if (!qlist::edit(with.text, address, qlist::Action::subscribe).was_there) std::abort();
  const auto without = qlist::edit(with.text, address, qlist::Action::unsubscribe);
  if (!without.was_there || qlist::edit(without.text, address, qlist::Action::unsubscribe).was_there)
    std::abort();
}

}  // namespace

/// The input is a request, and the list. No confirmation in it is valid, and nothing in it breaks a header.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  qlist::Settings settings;
  settings.list = "l@x";
  settings.request = "l-request@x";
  check_edit(text, "joe@y");
  try {
    const qlist::Request request = qlist::read_request(text, settings.request);
    if (request.orders.empty()) std::abort();
    if (request.confirmation && qlist::is_valid(*request.confirmation, settings.list, "key", 0)) std::abort();
    const qlist::Heading heading{.delivered_to = "Delivered-To: l-request@x\n", .now = 0, .id = "<1@x>"};
    static_cast<void>(
        qlist::annotated(settings, heading, request, std::vector<std::string>(request.orders.size())));
    if (!qlist::may_subscribe(request.author, settings)) return 0;
    check_edit(text, request.author);
    const qlist::Confirmation wanted{.action = qlist::Action::subscribe,
                                     .issued = 1,
                                     .address = request.author,
                                     .proof = std::string(32, '0')};
    const std::string question = qlist::question(settings, heading, request, wanted);
    if (!qlist::find_confirmation(question.substr(0, question.find("\nAuto-Submitted: ")))) std::abort();
  } catch (const Failure&) {  // nobody can tell whom it is from
  }
  return 0;
}
