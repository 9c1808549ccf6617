// SPDX-License-Identifier: Apache-2.0
#include "emulator/host.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <vector>

#include <fmt/core.h>

#include "emulator/mqtt_client.hpp"
#include "emulator/socket_client.hpp"
#include "emulator/uart_signal.hpp"

namespace atcert::emulator {
namespace {

constexpr std::size_t kFifoSize = 120;        // the UART hands over no more at once
constexpr std::size_t kMaxPending = 1 << 20;  // what nobody reads is lost at last, as on a wire
constexpr Milliseconds kLongestWait{60'000};
constexpr std::chrono::microseconds kChunkPause{300};  // what is written can be read only after a moment
constexpr Milliseconds kUnreadLimit{20};
constexpr Milliseconds kUnpluggedTime{1000};

Error loop_error(std::string_view step) {
  return {ErrorKind::usage,
          "emulator_loop",
          fmt::format("the emulated module cannot run: {}: {}", step, std::strerror(errno)),
          {},
          "raise the limits of this process (ulimit -n)"};
}

void wake_up(int fd) {
  const std::uint64_t one = 1;
  static_cast<void>(!write(fd, &one, sizeof one));
}

}  // namespace

Host::Host(HostOptions options, std::unique_ptr<FlashFile> file, std::unique_ptr<FlashMemory> flash, Descriptor wake)
    : options_(std::move(options)), file_(std::move(file)), flash_(std::move(flash)), wake_(std::move(wake)) {}

Result<std::unique_ptr<Host>> Host::open(Options options, HostOptions host_options) {
  std::unique_ptr<FlashFile> file;
  std::unique_ptr<FlashMemory> flash;
  if (host_options.flash_file.empty()) {
    flash = std::make_unique<FlashMemory>();
  } else {
    ATCERT_TRY(std::unique_ptr<FlashFile>, opened, FlashFile::open(host_options.flash_file));
    file = std::move(opened);
  }
  Descriptor wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake.open()) return loop_error("eventfd");
  std::unique_ptr<Host> host(new Host(std::move(host_options), std::move(file), std::move(flash), std::move(wake)));
  ATCERT_CHECK(host->plug_in());
  FlashMemory& memory = host->file_ ? host->file_->memory() : *host->flash_;
  ATCERT_TRY(std::unique_ptr<Module>, module,
             Module::create(std::move(options), memory, host->clock_, real_mqtt(), real_sockets()));
  host->module_ = std::move(module);
  host->uart_ = host->module_->uart();
  return host;
}

Result<void> Host::plug_in() {
  ATCERT_TRY(Pty, pty, Pty::open());
  if (!options_.link.empty()) {
    ATCERT_TRY(PortLink, made, PortLink::make(options_.link, pty.path()));
    link_ = std::move(made);
  }
  port_ = pty.path();
  pty_ = std::move(pty);
  return {};
}

Result<void> Host::run(const std::stop_token& stop) {
  const std::stop_callback on_stop(stop, [fd = wake_.get()] { wake_up(fd); });
  while (!stop.stop_requested()) {
    module_->advance();
    take_input();
    give_output();
    follow_plug();
    if (plug_in_at_ && *plug_in_at_ <= clock_.now()) {
      plug_in_at_.reset();
      ATCERT_CHECK(plug_in());
      module_->power_on();
    }
    if (file_) ATCERT_CHECK(file_->sync());
    ATCERT_CHECK(wait());
  }
  return {};
}

// Until something can be done: bytes either way, the connection, a deadline, the wish to stop.
Result<void> Host::wait() {
  const SteadyTime now = clock_.now();
  const std::vector<Pollable*> connections = module_->connections();
  std::vector<pollfd> waiting{{wake_.get(), POLLIN, 0}, {pty_ ? pty_->descriptor() : -1, 0, 0}};
  if (input_.allowance(now, 1) > 0) waiting[1].events |= POLLIN;
  if (output_allowance(now) > 0) waiting[1].events |= POLLOUT;
  const std::size_t before = waiting.size();
  for (const Pollable* each : connections) waiting.push_back({each->descriptor(), each->poll_events(), 0});
  const std::chrono::nanoseconds limit = wait_limit(now);
  const timespec time{static_cast<std::time_t>(limit / std::chrono::seconds(1)),
                      static_cast<long>((limit % std::chrono::seconds(1)).count())};
  if (ppoll(waiting.data(), waiting.size(), &time, nullptr) < 0 && errno != EINTR) return loop_error("ppoll");
  for (std::size_t i = 0; i < connections.size(); ++i) {
    const auto due = connections[i]->deadline();
    if (waiting[before + i].revents != 0 || (due && *due <= clock_.now())) connections[i]->on_ready(clock_.now());
  }
  return {};
}

std::chrono::nanoseconds Host::wait_limit(SteadyTime now) const {
  SteadyTime until = now + kLongestWait;
  if (const auto due = module_->deadline()) until = std::min(until, *due);
  if (const auto free = input_.next(now)) until = std::min(until, *free);
  if (const auto free = output_.next(now); free && !pending_.empty()) until = std::min(until, *free);
  if (!pending_.empty() && output_allowance(now) == 0) until = std::min(until, now + kChunkPause);
  if (plug_in_at_) until = std::min(until, *plug_in_at_);
  return std::max(until, now) - now;
}

// One piece, as the UART hands it over.
void Host::take_input() {
  if (!pty_) return;
  std::array<std::uint8_t, kFifoSize> chunk{};
  const SteadyTime now = clock_.now();
  const Uart sender = other_side();
  input_.set_baud_rate(pace_of(sender));
  const std::size_t count = pty_->read(std::span(chunk).first(input_.allowance(now, chunk.size())));
  if (count == 0) return;
  input_.used(count, now);
  const ByteView sent = ByteView(chunk).first(count);
  if (sender == uart_) return module_->receive(sent);
  const Bytes heard = as_heard(sent, sender, uart_);
  for (ByteView rest = heard; !rest.empty(); rest = rest.subspan(std::min(rest.size(), kFifoSize))) {
    module_->receive(rest.first(std::min(rest.size(), kFifoSize)));
  }
}

// The reply to AT+UART_CUR still goes out at the old rate.
void Host::give_output() {
  if (!pty_) return;
  const Bytes more = module_->take_output();
  pending_.insert(pending_.end(), more.begin(), more.end());
  if (pending_.size() > kMaxPending) pending_.resize(kMaxPending);
  const SteadyTime now = clock_.now();
  output_.set_baud_rate(pace_of(uart_));
  const std::size_t count = send(ByteView(pending_).first(output_allowance(now)));
  output_.used(count, now);
  if (count > 0) sent_at_ = now;
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(count));
  if (pending_.empty()) uart_ = module_->uart();
}

// How much may go out now. What nobody reads does not hold up small pieces for long.
std::size_t Host::output_allowance(SteadyTime now) const {
  const std::size_t allowance = pending_.empty() ? 0 : output_.allowance(now, pending_.size());
  if (allowance == 0 || !pty_ || !module_->faults().has(Fault::chunks)) return allowance;
  if (now < sent_at_ + kChunkPause || (pty_->unread() > 0 && now < sent_at_ + kUnreadLimit)) return 0;
  return std::min(allowance, static_cast<std::size_t>(module_->faults().argument(Fault::chunks)));
}

// Without its plug the module has no power, and there is no port.
void Host::follow_plug() {
  const Module::Plug plug = module_->take_plug();
  if (plug == Module::Plug::in) return;
  link_ = PortLink();
  pty_.reset();
  pending_.clear();
  if (plug == Module::Plug::out_for_a_moment) plug_in_at_ = clock_.now() + kUnpluggedTime;
}

// How many of `bytes` have gone out. What the other side hears wrong and does not take at once is lost.
std::size_t Host::send(ByteView bytes) {
  const Uart receiver = other_side();
  if (receiver == uart_) return pty_->write(bytes);
  static_cast<void>(pty_->write(as_heard(bytes, uart_, receiver)));
  return bytes.size();
}

// A pseudo-terminal tells the rate of the program that has opened it, and knows eight bits without parity only. How
// many stop bits there are makes no difference to a receiver. While no rate can be told nothing is heard wrong.
Uart Host::other_side() const {
  const int rate = pty_->baud_rate();
  if (rate <= 0) return uart_;
  Uart other = uart_;
  other.baud_rate = rate;
  other.data_bits = 8;
  other.parity = 0;
  return other;
}

unsigned Host::pace_of(const Uart& uart) const {
  if (options_.pace == 0) return 0;
  return uart.baud_rate == kDefaultBaudRate ? options_.pace : static_cast<unsigned>(uart.baud_rate);
}

}  // namespace atcert::emulator
