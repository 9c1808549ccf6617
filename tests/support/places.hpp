// SPDX-License-Identifier: Apache-2.0
// The kinds of things that can stand where an output is to go, each made in a folder of its own, and the question
// whether it is still what it was.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.hpp"
#include "base/scratch_folder.hpp"

namespace atcert::test {

enum class Node {
  absent,
  file,
  link_to_file,
  dangling_link,
  link_to_device,
  device,
  full_device,
  pipe,
  terminal,
  folder
};

inline constexpr Node kNodes[] = {Node::absent,         Node::file,   Node::link_to_file, Node::dangling_link,
                                  Node::link_to_device, Node::device, Node::full_device,  Node::pipe,
                                  Node::terminal,       Node::folder};

std::string_view name_of(Node node);
// What is written into, and never replaced.
bool is_stream(Node node);

inline constexpr std::string_view kOldContent = "what was there before";

class NodeAtPlace {
 public:
  explicit NodeAtPlace(Node node);

  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& folder() const { return scratch_.path(); }
  std::string text() const { return path_.string(); }

  // Whether the node, and what a link leads to, is what it was; a file may have been replaced.
  bool is_untouched() const;
  // What has come out of the device, pipe or terminal, as far as something reads there.
  std::string received() const;
  // The mode of the file at the place, 0 where there is none.
  unsigned mode() const;
  // The content of the file at the place.
  std::string content() const;
  // All bytes of all files in the folder but the one at the place.
  std::string beside() const;

 private:
  ScratchFolder scratch_;
  Node node_;
  std::filesystem::path path_;
  std::filesystem::path target_;  // of a link
  Descriptor reader_;             // of a pipe or terminal
};

}  // namespace atcert::test
