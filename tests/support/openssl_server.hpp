// SPDX-License-Identifier: Apache-2.0
// A TLS server that is not our own code (`openssl s_server`), for what a broker does not do: one version of TLS alone,
// no client certificates, a chain of somebody else. It ends with its owner.
#pragma once

#include <string>
#include <vector>

#include "base/scratch_folder.hpp"
#include "credentials/throwaway.hpp"
#include "support/process.hpp"

namespace atcert::test {

class OpensslServer {
 public:
  // With the certificate and key of `server`. `options` as s_server has them; a word "{ca}" is a file with the
  // certificate of `authority`, "{cert2}" and "{key2}" are those of `second`.
  struct Files {
    const credentials::Throwaway& server;
    const credentials::Throwaway& authority;
    const credentials::Throwaway& second;
  };
  OpensslServer(const Files& files, const std::vector<std::string>& options);

  std::uint16_t port() const { return port_; }  // on 127.0.0.1

 private:
  std::string write(const std::string& name, std::string_view pem) const;

  ScratchFolder folder_;
  std::unique_ptr<Process> process_;
  std::uint16_t port_ = 0;
};

}  // namespace atcert::test
