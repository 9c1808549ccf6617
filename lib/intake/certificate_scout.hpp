// SPDX-License-Identifier: Apache-2.0
// Which certificate a source of credentials is about, found out faster than by loading it: for going through a list
// before the first unit is made. A guess that loading confirms or refutes: what is not plain is loaded at once.
#pragma once

#include <functional>
#include <string>
#include <unordered_set>

#include "base/result.hpp"
#include "credentials/credentials.hpp"
#include "intake/source.hpp"

namespace atcert::intake {

class CertificateScout {
 public:
  using Load = std::function<Result<credentials::Credentials>(const Source&)>;

  // Loads a source in the way that it will be loaded afterwards.
  explicit CertificateScout(Load load) : load_(std::move(load)) {}

  // Empty where nobody can say; loading will tell why. Nothing is read that can be read only once, such as a pipe.
  std::string fingerprint_of(const Source& source);

 private:
  Load load_;
  std::unordered_set<std::string> others_;  // which lie beside device certificates: CAs, mostly the same one
};

}  // namespace atcert::intake
