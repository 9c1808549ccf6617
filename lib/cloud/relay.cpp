// SPDX-License-Identifier: Apache-2.0
#include "cloud/relay.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

namespace atcert::cloud {
namespace {

constexpr std::size_t kPiece = 16 * 1024;  // a record of TLS

Error no_relay(std::string_view doing, int code) {
  return {ErrorKind::usage,
          "no_loopback",
          fmt::format("{}: {}", doing, std::strerror(code)),
          {},
          "see that this machine has its loopback interface, and descriptors and threads to spare (ulimit -n, -u)"};
}

sockaddr_in loopback() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool are_same(const sockaddr_in& one, const sockaddr_in& other) {
  return one.sin_family == other.sin_family && one.sin_port == other.sin_port &&
         one.sin_addr.s_addr == other.sin_addr.s_addr;
}

using AddressOf = int (*)(int, sockaddr*, socklen_t*);

// One end of the connection; of no family where it has none.
sockaddr_in end_of(int socket, AddressOf address_of) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (address_of(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) address.sin_family = AF_UNSPEC;
  return address;
}

// Whether the other end of the connection is a descriptor of this process, too.
bool is_own(int accepted) {
  const sockaddr_in here = end_of(accepted, getsockname);
  const sockaddr_in there = end_of(accepted, getpeername);
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
    const std::string name = entry.path().filename();
    int descriptor = -1;
    std::from_chars(name.data(), name.data() + name.size(), descriptor);
    if (are_same(end_of(descriptor, getsockname), there) && are_same(end_of(descriptor, getpeername), here))
      return true;
  }
  return false;
}

// Bytes on their way in one direction.
struct Load {
  std::array<std::uint8_t, kPiece> bytes;
  std::size_t begin = 0;
  std::size_t end = 0;

  bool empty() const { return begin == end; }
  std::span<std::uint8_t> room() { return bytes; }
  ByteView left() const { return ByteView(bytes).subspan(begin, end - begin); }
  void fill(std::size_t size) { begin = 0, end = size; }
  void drop(std::size_t size) { begin += size; }
};

using Moved = TlsStream::Moved;

Moved moved(ssize_t count, std::size_t& size) {
  if (count > 0) {
    size = static_cast<std::size_t>(count);
    return Moved::some;
  }
  return count < 0 && (errno == EAGAIN || errno == EINTR) ? Moved::nothing_yet : Moved::closed;
}

Moved receive(int socket, std::span<std::uint8_t> into, std::size_t& size) {
  return moved(recv(socket, into.data(), into.size(), MSG_DONTWAIT), size);
}

Moved transmit(int socket, ByteView bytes, std::size_t& size) {
  return moved(send(socket, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL), size);
}

// Both directions, until one end closes or somebody wakes it.
class Carrier {
 public:
  Carrier(TlsStream& stream, int client, const WakeUp& over) : stream_(stream), client_(client), over_(over) {}

  // Whether it was the server that closed.
  bool run() {
    while (!over_.raised()) {
      if (carry_to_client()) continue;
      if (server_closed_) return true;
      if (carry_to_server()) continue;
      if (client_closed_ || server_closed_) break;
      wait();
    }
    return server_closed_;
  }

 private:
  // Each of these two says whether anything moved.
  bool carry_to_client() {
    std::size_t size = 0;
    if (to_client_.empty()) {
      const Moved got = stream_.read(to_client_.room(), size);
      server_closed_ = got == Moved::closed;
      if (got != Moved::some) return false;
      to_client_.fill(size);
    }
    const Moved sent = transmit(client_, to_client_.left(), size);
    client_closed_ = client_closed_ || sent == Moved::closed;
    if (sent == Moved::some) to_client_.drop(size);
    return sent == Moved::some;
  }

  bool carry_to_server() {
    std::size_t size = 0;
    if (to_server_.empty()) {
      const Moved got = receive(client_, to_server_.room(), size);
      client_closed_ = client_closed_ || got == Moved::closed;
      if (got != Moved::some) return false;
      to_server_.fill(size);
    }
    const Moved sent = stream_.write(to_server_.left(), size);
    server_closed_ = sent == Moved::closed;
    if (sent == Moved::some) to_server_.drop(size);
    return sent == Moved::some;
  }

  void wait() const {
    const short from_server = to_client_.empty() ? POLLIN : 0;
    const short to_server = to_server_.empty() ? 0 : POLLOUT;
    const short from_client = to_server_.empty() ? POLLIN : 0;
    const short to_client = to_client_.empty() ? 0 : POLLOUT;
    std::array<pollfd, 3> ready{pollfd{stream_.descriptor(), static_cast<short>(from_server | to_server), 0},
                                pollfd{client_, static_cast<short>(from_client | to_client), 0},
                                pollfd{over_.descriptor(), POLLIN, 0}};
    poll(ready.data(), ready.size(), -1);
  }

  TlsStream& stream_;
  int client_;
  const WakeUp& over_;
  Load to_client_;
  Load to_server_;
  bool client_closed_ = false;
  bool server_closed_ = false;
};

}  // namespace

Result<std::unique_ptr<Relay>> Relay::start(std::unique_ptr<TlsStream> stream, const std::stop_token& stop) {
  Descriptor listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback();
  if (bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener.get(), 1) != 0) {
    return no_relay("no port on loopback", errno);
  }
  const std::uint16_t port = ntohs(end_of(listener.get(), getsockname).sin_port);
  try {
    return std::unique_ptr<Relay>(new Relay(std::move(stream), std::move(listener), port, stop));
  } catch (const std::system_error& error) {
    return no_relay("no thread", error.code().value());
  }
}

Relay::Relay(std::unique_ptr<TlsStream> stream, Descriptor listener, std::uint16_t port, const std::stop_token& stop)
    : stream_(std::move(stream)),
      listener_(std::move(listener)),
      port_(port),
      when_stopped_(stop, [this] { over_.raise(); }),
      thread_([this] { run(); }) {}

Relay::~Relay() {
  finish();
}

void Relay::finish() {
  over_.raise();
  if (thread_.joinable()) thread_.join();
}

// Not open where it was woken before anybody of this process came.
Descriptor Relay::accept_own() const {
  while (!over_.raised()) {
    std::array<pollfd, 2> ready{pollfd{listener_.get(), POLLIN, 0}, pollfd{over_.descriptor(), POLLIN, 0}};
    if (poll(ready.data(), ready.size(), -1) <= 0 || ready[0].revents == 0) continue;
    Descriptor client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (client.open() && is_own(client.get())) return client;
  }
  return {};
}

void Relay::run() {
  const Descriptor client = accept_own();
  listener_.close_now();
  if (client.open()) closed_by_server_ = Carrier(*stream_, client.get(), over_).run();
}

}  // namespace atcert::cloud
