// SPDX-License-Identifier: Apache-2.0
#include "cloud/network.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <thread>

#include "base/free_with.hpp"
#include "base/wake_up.hpp"

namespace atcert::cloud {
namespace {

using AddressesPtr = std::unique_ptr<addrinfo, FreeWith<freeaddrinfo>>;

struct Resolved {
  int code = 0;
  int system_code = 0;  // errno, where `code` is EAI_SYSTEM
  AddressesPtr addresses;
};

Resolved resolve(const std::string& name, const char* port, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  Resolved result;
  result.code = getaddrinfo(name.c_str(), port, &hints, &found);
  if (result.code == EAI_SYSTEM) result.system_code = errno;
  if (result.code == 0) result.addresses.reset(found);
  return result;
}

// What the thread that asks and the one that waits for it share; the last of them frees it.
struct Question {
  explicit Question(std::string asked) : name(std::move(asked)) {}

  const std::string name;
  Resolved answer;
  std::atomic<bool> is_answered = false;
  WakeUp answered;
};

std::string numeric(const sockaddr& address, socklen_t size) {
  std::array<char, NI_MAXHOST> text{};
  if (getnameinfo(&address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) return {};
  return text.data();
}

void take_answer(const Resolved& answer, NameLookup& lookup) {
  lookup.code = answer.code;
  if (answer.code != 0) {
    lookup.stage = Stage::failed;
    lookup.error = answer.code == EAI_SYSTEM ? std::strerror(answer.system_code) : gai_strerror(answer.code);
    return;
  }
  lookup.stage = Stage::passed;
  for (const addrinfo* each = answer.addresses.get(); each != nullptr; each = each->ai_next) {
    std::string text = numeric(*each->ai_addr, each->ai_addrlen);
    if (!text.empty()) lookup.addresses.push_back(std::move(text));
  }
}

void set_error(TcpConnection& facts, int code) {
  facts.stage = Stage::failed;
  facts.code = code;
  facts.error = std::strerror(code);
}

int error_of(int socket) {
  int code = 0;
  socklen_t size = sizeof code;
  return getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size) == 0 ? code : errno;
}

Connected connect_to_one(const std::string& address, std::uint16_t port, const Waiting& waiting) {
  Connected result;
  result.facts.address = address;
  result.facts.port = port;
  const Resolved resolved = resolve(address, std::to_string(port).c_str(), AI_NUMERICHOST | AI_NUMERICSERV);
  if (!resolved.addresses) {
    set_error(result.facts, EADDRNOTAVAIL);
    return result;
  }
  const addrinfo& to = *resolved.addresses;
  Descriptor made(socket(to.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!made.open() || (connect(made.get(), to.ai_addr, to.ai_addrlen) != 0 && errno != EINPROGRESS)) {
    set_error(result.facts, errno);
    return result;
  }
  result.facts.stage = waiting.wait(made.get(), POLLOUT);
  if (result.facts.stage != Stage::passed) return result;
  if (const int code = error_of(made.get()); code != 0) {
    set_error(result.facts, code);
    return result;
  }
  const int on = 1;
  setsockopt(made.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  result.socket = std::move(made);
  return result;
}

}  // namespace

NameLookup look_up(const std::string& name, const Waiting& waiting) {
  NameLookup lookup;
  const auto question = std::make_shared<Question>(name);
  try {
    std::thread([question] {
      question->answer = resolve(question->name, nullptr, 0);
      question->is_answered = true;
      question->answered.raise();
    }).detach();
  } catch (const std::system_error& error) {
    lookup.stage = Stage::failed;
    lookup.error = std::strerror(error.code().value());
    return lookup;
  }
  lookup.stage = waiting.wait(question->answered.descriptor(), POLLIN);
  if (lookup.stage == Stage::passed && question->is_answered) take_answer(question->answer, lookup);
  lookup.took = waiting.taken();
  return lookup;
}

Connected connect_to(const std::vector<std::string>& addresses, std::uint16_t port, const Clock& clock,
                     Milliseconds limit, const std::stop_token& stop) {
  const Waiting whole(clock, limit, stop);
  Connected result;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const Waiting share(clock, whole.left() / static_cast<long>(addresses.size() - i), stop);
    result = connect_to_one(addresses[i], port, share);
    if (result.facts.stage == Stage::passed || result.facts.stage == Stage::interrupted) break;
  }
  result.facts.took = whole.taken();
  return result;
}

}  // namespace atcert::cloud
