// What is installed, compared with the manifest. instcheck(8).
#pragma once
#include <string>
#include <vector>

#include "installer/hier/manifest.h"
#include "installer/transaction/accounts.h"
#include "installer/transaction/tree.h"

namespace qmail {

/// One line for each difference, in the words of stock's instcheck: ".../bin/qmail-queue has wrong owner".
/// Throws Failure if something cannot be looked at.
std::vector<std::string> find_differences(const std::vector<hier::Entry>& manifest,
                                          const transaction::Tree& tree,
                                          const transaction::Accounts& accounts);

/// The program: "instcheck: warning: ..." for each difference on descriptor `err`. Returns 0 if there are
/// none, 100 if there are. Throws Failure.
int instcheck(const std::vector<std::string>& args, int err);

}  // namespace qmail
