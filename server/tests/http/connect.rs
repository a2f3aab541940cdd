mod link;
mod result;
