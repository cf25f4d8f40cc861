package io.gradstream.pipeline.demo;

/** What someone saw, where, on what. */
record Click(float age, float price, float hour, int site, int device) {}
