mod languages;
mod link;
mod manage;
mod problems;
mod result;
mod weight;
