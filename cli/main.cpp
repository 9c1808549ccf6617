// SPDX-License-Identifier: Apache-2.0
// The command line: parses, loads the configuration and hands over to one function a verb.
int main() {
  return 0;
}
