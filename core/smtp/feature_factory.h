// How the features of patches-integrated/ come into being, for either side of SMTP: the hook headers are what
// features and programs include.
#pragma once
#include <memory>
#include <span>
#include <vector>

namespace qmail {

/// Makes one feature; null when it is not configured: an unconfigured feature does not exist.
template <typename Feature, typename Configuration>
using FactoryOf = std::unique_ptr<Feature> (*)(const Configuration&);

template <typename Feature>
using FeaturesOf = std::vector<std::unique_ptr<Feature>>;

/// The configured features, in the order of `factories`.
template <typename Feature, typename Configuration>
FeaturesOf<Feature> make_features_of(std::span<const FactoryOf<Feature, Configuration>> factories,
                                     const Configuration& configuration) {
  FeaturesOf<Feature> features;
  for (const auto make : factories)
    if (auto feature = make(configuration)) features.push_back(std::move(feature));
  return features;
}

}  // namespace qmail
