//! The journal after a power cut, in every state a disk may be left in.
