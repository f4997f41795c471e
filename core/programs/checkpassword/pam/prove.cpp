// By PAM, service "checkpassword". pam(7).
#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <security/pam_appl.h>

#include "core/base/failure.h"
#include "core/log/events.h"
#include "core/programs/checkpassword/check.h"

namespace qmail {
namespace {

constexpr const char* service = "checkpassword";

/// What is not the system's trouble but the user's.
constexpr std::array refusals{
    PAM_AUTH_ERR,     PAM_USER_UNKNOWN,     PAM_MAXTRIES,        PAM_PERM_DENIED, PAM_ACCT_EXPIRED,
    PAM_CRED_EXPIRED, PAM_NEW_AUTHTOK_REQD, PAM_AUTHTOK_EXPIRED, PAM_CRED_ERR,    PAM_CRED_INSUFFICIENT};

/// The answer to one message; none: it wants none.
std::optional<std::string_view> answer(int style, const accounts::ClaimParts& claim) {
  if (style == PAM_PROMPT_ECHO_OFF) return claim.password;
  if (style == PAM_PROMPT_ECHO_ON) return claim.login;
  return std::nullopt;
}

/// What modules ask. They overwrite and free what they get, so it is the C library's memory.
int converse(int count, const pam_message** messages, pam_response** responses, void* given) {
  if (count <= 0 || count > PAM_MAX_NUM_MSG) return PAM_CONV_ERR;
  const auto& claim = *static_cast<const accounts::ClaimParts*>(given);
  *responses = static_cast<pam_response*>(std::calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
  if (*responses == nullptr) return PAM_BUF_ERR;
  for (int each = 0; each < count; ++each)
    if (const auto text = answer(messages[each]->msg_style, claim))
      (*responses)[each].resp = ::strndup(text->data(), text->size());
  return PAM_SUCCESS;
}

class Transaction {
 public:
  explicit Transaction(const accounts::ClaimParts& claim) : claim_(claim), login_(claim.login) {
    status_ = ::pam_start(service, login_.c_str(), &conversation_, &handle_);
    if (status_ != PAM_SUCCESS) fail("begin");
  }
  ~Transaction() { ::pam_end(handle_, status_); }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void tell_host(const std::string& host) {
    status_ = ::pam_set_item(handle_, PAM_RHOST, host.c_str());
    if (status_ != PAM_SUCCESS) fail("name the host");
  }
  /// False if it is not the user's password, or whatever else modules want.
  bool is_authentic() { return accept(::pam_authenticate(handle_, PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK)); }
  /// False if the user may not log in all the same: why() then tells.
  bool is_valid() { return accept(::pam_acct_mgmt(handle_, PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK)); }
  std::string why() const { return ::pam_strerror(handle_, status_); }
  /// Modules may have another name for the user.
  std::string user() const {
    const void* name = nullptr;
    ::pam_get_item(handle_, PAM_USER, &name);
    return name == nullptr ? login_ : static_cast<const char*>(name);
  }

 private:
  bool accept(int status) {
    status_ = status;
    if (status == PAM_SUCCESS) return true;
    if (std::find(refusals.begin(), refusals.end(), status) == refusals.end()) fail("check");
    return false;
  }
  [[noreturn]] void fail(const std::string& verb) const {
    throw Failure(Exit::temporary, "unable to " + verb + " the login of " + log::safe(login_) +
                                       " by PAM, service " + service + ": " + why());
  }

  accounts::ClaimParts claim_;
  std::string login_;
  pam_conv conversation_{.conv = &converse, .appdata_ptr = &claim_};
  pam_handle_t* handle_ = nullptr;
  int status_ = PAM_SUCCESS;
};

}  // namespace

std::optional<std::string> prove(const accounts::ClaimParts& claim, const Process& self) {
  Transaction pam(claim);
  if (const auto host = self.environment.find("TCPREMOTEIP")) pam.tell_host(std::string(*host));
  if (!pam.is_authentic()) return std::nullopt;
  if (pam.is_valid()) return pam.user();
  tell_why_not(self, pam.user(), pam.why());
  return std::nullopt;
}

}  // namespace qmail
