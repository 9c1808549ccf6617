// SPDX-License-Identifier: Apache-2.0
#include "emulator/socket_commands.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "emulator/credential_reader.hpp"
#include "emulator/switch_rows.hpp"
#include "emulator/timing.hpp"

namespace atcert::emulator {
namespace {

constexpr std::int32_t kMaxSend = 8192;
constexpr std::size_t kMaxPiece = 1460;  // what comes in one +IPD: a segment
constexpr std::int32_t kDetailedPrompts = 2;
constexpr std::int32_t kMaxKeepAlive = 7200;

bool sends_certificate(std::int32_t authentication) {
  return (authentication & 1) != 0;
}

bool verifies_server(std::int32_t authentication) {
  return (authentication & 2) != 0;
}

}  // namespace

CommandRows SocketCommands::commands() {
  CommandRows rows{
      {"+CIPSTART", {}, [this](const auto& p) { return start(p); }, {}},
      {"+CIPSTARTEX", {}, [this](const auto& p) { return start_on_free(p); }, {}},
      {"+CIPSEND", {}, [this](const auto& p) { return send(p); }, {}},
      {"+CIPCLOSE", {}, [this](const auto& p) { return close(p); }, [this] { return close_single(); }},
      {"+CIPRECVDATA", {}, [this](const auto& p) { return read(p); }, {}},
      {"+CIPRECVLEN", [this] { return query_unread(); }, {}, {}},
      {"+CIPSSLCCONF", [this] { return query_ssl(); }, [this](const auto& p) { return set_ssl(p); }, {}},
      {"+CIPSSLCSNI", {}, [this](const auto& p) { return set_server_name(p); }, {}},
      switch_row(run_.port, "+CIPRECVMODE", passive_),
      {"+CIPDINFO",
       [this] {
         run_.port.print(fmt::format("+CIPDINFO:{}\r\n", show_origin_ != 0));
         return Outcome::ok;
       },
       [this](const auto& p) { return set_number(p, 0, 1, show_origin_); },
       {}},
  };
  Command multiple = switch_row(run_.port, "+CIPMUX", multiple_);
  multiple.set = [this](const auto& p) { return set_multiple(p); };
  rows.push_back(std::move(multiple));
  return rows;
}

std::vector<Pollable*> SocketCommands::connections() const {
  std::vector<Pollable*> all;
  for (const Link& link : links_) {
    if (link.connection) all.push_back(link.connection.get());
  }
  return all;
}

void SocketCommands::service() {
  for (std::size_t id = 0; id < kLinks; ++id) {
    if (!links_[id].connection) continue;
    for (const SocketEvent& event : links_[id].connection->take_events()) handle(id, event);
  }
}

void SocketCommands::network_lost() {
  for (std::size_t id = 0; id < kLinks; ++id) {
    if (links_[id].connection) ended(id);
  }
}

std::optional<int> SocketCommands::status() const {
  if (std::ranges::any_of(links_, &Link::open)) return 3;
  if (ever_open_) return 4;
  return std::nullopt;
}

void SocketCommands::print_status(std::string_view command) const {
  for (std::size_t id = 0; id < kLinks; ++id) {
    const Link& link = links_[id];
    if (!link.open) continue;
    run_.port.print(fmt::format("{}:{},\"{}\",\"{}\",{},{},0\r\n", command, id, link.type, link.address, link.port,
                                link.local_port));
  }
}

Outcome SocketCommands::set_multiple(const Parameters& parameters) {
  if (!connections().empty()) {
    run_.port.print("link is builded\r\n");
    return Outcome::error;
  }
  return set_number(parameters, 0, 1, multiple_);
}

std::optional<std::size_t> SocketCommands::link_of(const Parameters& parameters, std::size_t& next) const {
  next = 0;
  if (multiple_ == 0) return 0;
  const auto id = parameters.number(0);
  next = 1;
  if (!id.ok() || id.value < 0 || id.value >= static_cast<std::int32_t>(kLinks)) return std::nullopt;
  return static_cast<std::size_t>(id.value);
}

// [<link ID>,]<"type">,<"remote host">,<remote port>[,<keep_alive>]
Outcome SocketCommands::start(const Parameters& parameters) {
  std::size_t next = 0;
  const auto id = link_of(parameters, next);
  return id ? start_on(*id, parameters, next) : Outcome::error;
}

// The same without a link ID: the module gives one. With AT+CIPMUX=0 there is one link.
Outcome SocketCommands::start_on_free(const Parameters& parameters) {
  const auto end = links_.begin() + (multiple_ != 0 ? kLinks : 1);
  const auto free = std::find_if(links_.begin(), end, [](const Link& link) { return !link.connection; });
  if (multiple_ != 0 && free == end) return Outcome::error;
  return start_on(multiple_ != 0 ? static_cast<std::size_t>(free - links_.begin()) : 0, parameters, 0);
}

Outcome SocketCommands::start_on(std::size_t id, const Parameters& parameters, std::size_t next) {
  const auto type = parameters.text(next);
  const auto host = parameters.text(next + 1);
  const auto port = parameters.number(next + 2);
  if (!type.ok() || (type.value != "TCP" && type.value != "SSL")) return Outcome::error;
  if (!host.ok() || host.value.empty() || !port.ok() || port.value < 1 || port.value > 65535) return Outcome::error;
  if (parameters.count() > next + 4) return Outcome::error;
  if (parameters.count() == next + 4) {
    const auto keep_alive = parameters.number(next + 3);
    if (keep_alive.failed() || keep_alive.value < 0 || keep_alive.value > kMaxKeepAlive) return Outcome::error;
  }
  if (links_[id].connection) {
    run_.port.print("ALREADY CONNECTED\r\n");
    return Outcome::error;
  }
  return connect(id, type.value, host.value, static_cast<std::uint16_t>(port.value));
}

Outcome SocketCommands::connect(std::size_t id, std::string type, const std::string& host, std::uint16_t port) {
  const std::optional<Route> route = route_to(run_.board.options, host, port);
  if (!hooks_.online() || !route || !hooks_.connect) {
    run_.timers.after(kDomainTime, [this] { run_.port.finish(Outcome::error); });
    return Outcome::running;
  }
  SocketRequest request;
  request.route = *route;
  request.tls = type == "SSL";
  if (request.tls && !read_credentials(ssl_[id], request)) return Outcome::error;
  links_[id] = {};
  links_[id].type = std::move(type);
  links_[id].address = shown_address(route->address);
  links_[id].port = port;
  links_[id].connection = hooks_.connect(std::move(request), run_.board.clock.now());
  starting_ = id;
  return Outcome::running;
}

// The names of servers are not checked (AT+CIPSSLCCN does that, which is not here).
bool SocketCommands::read_credentials(const SslSettings& ssl, SocketRequest& request) const {
  const auto read = [this](std::string_view slot, unsigned index, Secret& content) {
    Credential stored = read_credential(run_.board, slot, index);
    content = std::move(stored.content);
    return stored.state == StoredItem::good;
  };
  TlsSettings& settings = request.settings;
  settings.release = run_.board.options.release;
  settings.verify_server = verifies_server(ssl.authentication);
  settings.send_certificate = sends_certificate(ssl.authentication);
  settings.check_name = false;
  settings.module_time = run_.board.time.now();
  settings.check_dates = run_.board.kind.checks_dates;
  if (!ssl.server_name.empty()) settings.server_name = ssl.server_name;
  if (settings.verify_server && !read("client_ca", ssl.ca, request.ca)) return false;
  if (!settings.send_certificate) return true;
  return read("client_cert", ssl.pki, request.certificate) && read("client_key", ssl.pki, request.key);
}

// [<link ID>,]<length>, then the data
Outcome SocketCommands::send(const Parameters& parameters) {
  std::size_t next = 0;
  const auto id = link_of(parameters, next);
  if (!id || parameters.count() != next + 1) return Outcome::error;
  const auto length = parameters.number(next);
  if (!length.ok() || length.value < 1 || length.value > kMaxSend) return Outcome::error;
  if (!links_[*id].open) {
    run_.port.print("link is not valid\r\n");
    return Outcome::error;
  }
  return run_.port.collect(static_cast<std::size_t>(length.value), Prompt::result, Surplus::busy,
                           [this, id = *id](const Secret& data) {
                             run_.port.print(fmt::format("\r\nRecv {} bytes\r\n", data.size()));
                             const bool alive = links_[id].open && !links_[id].ended;
                             if (alive) links_[id].connection->send(data.reveal());
                             run_.port.print(alive ? "\r\nSEND OK\r\n" : "\r\nSEND FAIL\r\n");
                             return Outcome::done;
                           });
}

// <link ID>; 5: all
Outcome SocketCommands::close(const Parameters& parameters) {
  const auto id = parameters.number(0);
  const auto all = static_cast<std::int32_t>(kLinks);
  if (multiple_ == 0 || parameters.count() != 1 || !id.ok() || id.value < 0 || id.value > all) return Outcome::error;
  if (id.value == all) {
    for (std::size_t each = 0; each < kLinks; ++each) {
      if (links_[each].connection) closed(each);
    }
    return Outcome::ok;
  }
  if (!links_[static_cast<std::size_t>(id.value)].connection) return Outcome::error;
  closed(static_cast<std::size_t>(id.value));
  return Outcome::ok;
}

Outcome SocketCommands::close_single() {
  if (multiple_ != 0 || !links_[0].connection) return Outcome::error;
  closed(0);
  return Outcome::ok;
}

// [<link ID>,]<length>
Outcome SocketCommands::read(const Parameters& parameters) {
  std::size_t next = 0;
  const auto id = link_of(parameters, next);
  if (!id || passive_ == 0 || parameters.count() != next + 1) return Outcome::error;
  const auto length = parameters.number(next);
  Link& link = links_[*id];
  if (!length.ok() || length.value < 1 || link.received.empty()) return Outcome::error;
  const std::size_t count = std::min(static_cast<std::size_t>(length.value), link.received.size());
  run_.port.print(fmt::format("+CIPRECVDATA:{}{},", count, origin(link)));
  run_.port.print(ByteView(link.received).first(count));
  link.received.erase(link.received.begin(), link.received.begin() + static_cast<std::ptrdiff_t>(count));
  link.announced = false;
  if (link.ended && link.received.empty()) {
    run_.timers.after(Milliseconds(0), [this, id = *id] {
      if (links_[id].ended) closed(id);
    });
  }
  return Outcome::ok;
}

// In bytes; -1 where there is no connection (espressif/esp-at#223).
Outcome SocketCommands::query_unread() const {
  std::string line = "+CIPRECVLEN:";
  for (const Link& link : links_) line += fmt::format("{},", link.open ? std::ssize(link.received) : -1);
  line.pop_back();
  run_.port.print(line + "\r\n");
  return Outcome::ok;
}

Outcome SocketCommands::query_ssl() const {
  for (std::size_t id = 0; id < (multiple_ != 0 ? kLinks : 1); ++id) {
    const SslSettings& ssl = ssl_[id];
    run_.port.print(fmt::format("+CIPSSLCCONF:{},{},{},{}\r\n", id, ssl.authentication, ssl.pki, ssl.ca));
  }
  return Outcome::ok;
}

// [<link ID>,]<auth_mode>[,<pki_number>][,<ca_number>]
Outcome SocketCommands::set_ssl(const Parameters& parameters) {
  std::size_t next = 0;
  const auto id = link_of(parameters, next);
  if (!id || parameters.count() < next + 1 || parameters.count() > next + 3) return Outcome::error;
  const auto mode = parameters.number(next);
  if (!mode.ok() || mode.value < 0 || mode.value > 3) return Outcome::error;
  SslSettings wanted = ssl_[*id];
  wanted.authentication = mode.value;
  unsigned* const numbers[] = {&wanted.pki, &wanted.ca};
  for (std::size_t i = next + 1; i < parameters.count(); ++i) {
    const auto number = parameters.number(i);
    if (number.failed() || number.value < 0) return Outcome::error;
    *numbers[i - next - 1] = static_cast<unsigned>(number.value);
  }
  if (!finds_credentials(wanted)) return Outcome::error;
  ssl_[*id] = std::move(wanted);
  return Outcome::ok;
}

bool SocketCommands::finds_credentials(const SslSettings& ssl) const {
  const auto there = [this](std::string_view slot, unsigned index, std::string_view complaint) {
    const bool good = read_credential(run_.board, slot, index).state == StoredItem::good;
    if (!good) run_.port.print(complaint);
    return good;
  };
  if (sends_certificate(ssl.authentication)) {
    if (!there("client_cert", ssl.pki, "NO CERT FOUND\r\n")) return false;
    if (!there("client_key", ssl.pki, "NO PRVT_KEY FOUND\r\n")) return false;
  }
  return !verifies_server(ssl.authentication) || there("client_ca", ssl.ca, "NO CA FOUND\r\n");
}

// [<link ID>,]<"sni">
Outcome SocketCommands::set_server_name(const Parameters& parameters) {
  std::size_t next = 0;
  const auto id = link_of(parameters, next);
  if (!id || parameters.count() != next + 1) return Outcome::error;
  auto name = parameters.text(next);
  if (name.failed()) return Outcome::error;
  ssl_[*id].server_name = std::move(name.value);
  return Outcome::ok;
}

void SocketCommands::handle(std::size_t id, const SocketEvent& event) {
  if (const auto* open = std::get_if<SocketOpened>(&event)) opened(id, open->local_port);
  if (const auto* data = std::get_if<SocketReceived>(&event)) received(id, data->data);
  if (std::holds_alternative<SocketClosed>(event)) ended(id);
}

void SocketCommands::opened(std::size_t id, std::uint16_t local_port) {
  Link& link = links_[id];
  link.open = true;
  link.local_port = local_port;
  ever_open_ = true;
  if ((run_.prompts & kDetailedPrompts) != 0) {
    run_.port.print(
        fmt::format("+LINK_CONN:0,{},\"{}\",0,\"{}\",{},{}\r\n", id, link.type, link.address, link.port, local_port));
  } else {
    run_.port.print(prefix(id) + "CONNECT\r\n");
  }
  if (starting_ == id) {
    starting_.reset();
    run_.port.finish(Outcome::ok);
  }
}

void SocketCommands::received(std::size_t id, const Bytes& data) {
  Link& link = links_[id];
  if (passive_ != 0) {
    link.received.insert(link.received.end(), data.begin(), data.end());
    if (!std::exchange(link.announced, true)) {
      run_.port.print(fmt::format("\r\n+IPD,{}{}\r\n", prefix(id), link.received.size()));
    }
    return;
  }
  for (ByteView rest = data; !rest.empty();) {
    const ByteView piece = rest.first(std::min(kMaxPiece, rest.size()));
    run_.port.print(fmt::format("\r\n+IPD,{}{}{}:", prefix(id), piece.size(), origin(link)));
    run_.port.print(piece);
    rest = rest.subspan(piece.size());
  }
}

// In passive mode CLOSED comes when the host has read all, or closes the connection itself (ESP-AT, TCP/IP AT Commands,
// AT+CIPRECVTYPE).
void SocketCommands::ended(std::size_t id) {
  Link& link = links_[id];
  if (link.received.empty()) return closed(id);
  link.ended = true;
}

// By either side, or never opened.
void SocketCommands::closed(std::size_t id) {
  Link& link = links_[id];
  link.ended = false;
  link.received.clear();
  const bool was_open = std::exchange(link.open, false);
  link.connection.reset();
  if (was_open) run_.port.print(prefix(id) + "CLOSED\r\n");
  if (starting_ == id) {
    starting_.reset();
    run_.port.finish(Outcome::error);
  }
}

std::string SocketCommands::prefix(std::size_t id) const {
  return multiple_ != 0 ? fmt::format("{},", id) : std::string();
}

std::string SocketCommands::origin(const Link& link) const {
  return show_origin_ != 0 ? fmt::format(",\"{}\",{}", link.address, link.port) : std::string();
}

}  // namespace atcert::emulator
