mod languages;
mod link;
mod manage;
mod result;
