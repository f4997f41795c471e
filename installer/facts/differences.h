// What is installed, compared with the manifest.
#pragma once
#include <string>
#include <vector>

#include "installer/hier/manifest.h"
#include "installer/transaction/accounts.h"
#include "installer/transaction/tree.h"

namespace qmail::facts {

struct Difference {
  std::string path;   ///< absolute
  std::string label;  ///< as stock's instcheck names it: ".../bin/qmail-queue"
  const char* how;    ///< as it says it: "has wrong owner"
};

/// In the order of the manifest. Throws Failure if something cannot be looked at.
std::vector<Difference> find_differences(const std::vector<hier::Entry>& manifest,
                                         const transaction::Tree& tree,
                                         const transaction::Accounts& accounts);

}  // namespace qmail::facts
