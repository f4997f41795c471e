// The features of patches-integrated/ that this qmail was built with, as their feature.json files describe
// them. The list is written by CMake (QmailFeature.cmake).
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace qmail::showctl {

struct FeatureText {
  std::string_view name;
  std::string_view programs;       ///< "qmail-smtpd, qmail-qmtpd"
  std::string_view control_files;  ///< names, each between blanks: " maxrcpt "

  bool reads(const std::string& file) const {
    return control_files.find(" " + file + " ") != std::string_view::npos;
  }
};

/// By their `order`.
std::span<const FeatureText> features_compiled_in();

}  // namespace qmail::showctl
