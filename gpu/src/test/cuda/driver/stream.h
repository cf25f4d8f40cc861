// Streams and events. Work waits on its stream until somebody waits for it.
#pragma once
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "driver_types.h"

namespace emulator {
struct Capture;

using Work = std::function<CUresult()>;

struct Stream {
  Card& card;
  bool blocking;  // waits for the null stream, which waits for it
  std::deque<Work> queue;
  long enqueued = 0;
  long done = 0;
  std::shared_ptr<Capture> capture;
  std::vector<int> tails;  // nodes of the capture that the next one comes after

  Stream(Card& card, bool blocking) : card(card), blocking(blocking) {}

  // Adds work behind all that is there, or a node to the capture.
  CUresult enqueue(const std::string& name, Work work);

  // Runs work until so much of it is done; the card's error, if it has one.
  CUresult runUntil(long position);
  CUresult runAll() { return runUntil(enqueued); }

  void forget();
};

// A place on a stream.
struct Mark {
  std::shared_ptr<Stream> stream;
  long position;
  bool reached = false;
  std::chrono::steady_clock::time_point at;
};

struct Event {
  std::shared_ptr<Mark> mark;  // nullptr: never recorded, or recorded in a capture
  std::shared_ptr<Capture> capture;
  std::vector<int> nodes;
  bool asked = false;  // whether somebody asked for it since it was recorded
};

// The stream a handle means; nullptr: the null stream.
std::shared_ptr<Stream> streamOf(CUstream handle, Card& card);

CUresult record(Event& event, const std::shared_ptr<Stream>& stream);
CUresult waitFor(Event& event, const std::shared_ptr<Stream>& stream);

// Runs all work of a card.
CUresult runAll(Card& card);

// Runs what a call on the null stream waits for.
CUresult runBlocking(Card& card);
}  // namespace emulator
