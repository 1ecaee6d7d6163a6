//! Every reachable state of one article, by the real transition function.
