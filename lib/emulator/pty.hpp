// SPDX-License-Identifier: Apache-2.0
// A pseudo-terminal whose other side looks like a serial port: raw, no echo, and there for as long as we hold it, no
// matter how often programs open and close it.
#pragma once

#include <span>
#include <string>

#include "base/bytes.hpp"
#include "base/descriptor.hpp"
#include "base/result.hpp"

namespace atcert::emulator {

class Pty {
 public:
  static Result<Pty> open();

  int descriptor() const { return master_.get(); }
  // What programs open: "/dev/pts/7".
  const std::string& path() const { return path_; }

  // Neither blocks. Bytes read into or taken from the span; 0: not now.
  std::size_t read(std::span<std::uint8_t> into) const;
  std::size_t write(ByteView bytes) const;
  // The rate that the program on the other side has set; 115200 until one has, 0 if there is none.
  int baud_rate() const;
  // How many bytes the program on the other side has not read yet.
  std::size_t unread() const;

 private:
  Pty(Descriptor master, Descriptor slave, std::string path)
      : master_(std::move(master)), slave_(std::move(slave)), path_(std::move(path)) {}

  Descriptor master_;
  Descriptor slave_;  // held open, so that the line does not hang up when a program closes it
  std::string path_;
};

// A symbolic link to a port, made atomically in the place of one that leads nowhere or was left behind, and removed at
// the end if it is still ours.
class PortLink {
 public:
  PortLink() = default;
  // Errors (of kind usage): something that is no link is there, or a link to what is there; the folder cannot be
  // written.
  static Result<PortLink> make(std::string link, const std::string& port);
  PortLink(PortLink&& other) noexcept : link_(std::exchange(other.link_, {})), port_(std::exchange(other.port_, {})) {}
  PortLink& operator=(PortLink&& other) noexcept {
    std::swap(link_, other.link_);
    std::swap(port_, other.port_);
    return *this;
  }
  ~PortLink();

 private:
  PortLink(std::string link, std::string port) : link_(std::move(link)), port_(std::move(port)) {}

  std::string link_;  // empty: none
  std::string port_;
};

}  // namespace atcert::emulator
