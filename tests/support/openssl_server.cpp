// SPDX-License-Identifier: Apache-2.0
#include "support/openssl_server.hpp"

#include <memory>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "support/require.hpp"

namespace atcert::test {

OpensslServer::OpensslServer(const Files& files, const std::vector<std::string>& options)
    : folder_(require(ScratchFolder::create("openssl"))) {
  // -rev answers with what comes, turned round, and reads no standard input.
  std::vector<std::string> arguments = {"s_server",    "-accept",
                                        "127.0.0.1:0", "-rev",
                                        "-cert",       write("cert.pem", files.server.certificate),
                                        "-key",        write("key.pem", files.server.key.reveal_text())};
  for (const std::string& option : options) {
    if (option == "{ca}") {
      arguments.push_back(write("ca.pem", files.authority.certificate));
    } else if (option == "{cert2}") {
      arguments.push_back(write("cert2.pem", files.second.certificate));
    } else if (option == "{key2}") {
      arguments.push_back(write("key2.pem", files.second.key.reveal_text()));
    } else {
      arguments.push_back(option);
    }
  }
  process_ = std::make_unique<Process>(ProcessOptions{.arguments = arguments, .program = *find_program("openssl")});
  const std::string begin = "ACCEPT 127.0.0.1:";
  const bool listens = process_->wait_for(begin) && process_->wait_for("\n");
  INFO(process_->out(), process_->err());
  REQUIRE(listens);
  const std::string& said = process_->out();
  port_ = static_cast<std::uint16_t>(std::stoi(said.substr(said.find(begin) + begin.size())));
}

std::string OpensslServer::write(const std::string& name, std::string_view pem) const {
  const auto path = folder_.path() / name;
  REQUIRE(write_file(path, as_bytes(pem), Privacy::secret).ok());
  return path;
}

}  // namespace atcert::test
