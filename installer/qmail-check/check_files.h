// Owners, modes and what has to be there.
#pragma once
#include "installer/qmail-check/findings.h"
#include "installer/transaction/tree.h"

namespace qmail::check {

/// Every object of the manifest. Throws Failure.
void check_files(const transaction::Tree& tree, Findings& findings);
/// The addresses that every host has to have (RFC 5321 section 4.5.1, and those that bounces come from).
void check_aliases(const transaction::Tree& tree, Findings& findings);
/// The databases that are made of texts: each has to be as new as its text.
void check_databases(const transaction::Tree& tree, Findings& findings);
/// Private keys and passwords below control.
void check_secrets(const transaction::Tree& tree, Findings& findings);

}  // namespace qmail::check
