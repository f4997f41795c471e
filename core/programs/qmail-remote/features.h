// The features of patches-integrated/ that this program was built with. The list is written by CMake from
// their feature.json files (QmailFeature.cmake).
#pragma once
#include <span>

#include "core/smtp/client_hook.h"

namespace qmail {

/// In the order of their `order`.
std::span<smtpc::Configure* const> features_compiled_in();

}  // namespace qmail
