//! The doorway: everything else lives in the library, where tests can reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    loa::cli::main()
}
