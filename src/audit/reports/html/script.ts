// Runs in the page. Everything works without it; it filters, highlights and opens what a link names.
export const script = `
(function(){
"use strict";
var root=document.documentElement;root.classList.add("js");
var apply=function(){},form=document.querySelector(".filters"),rows=[].slice.call(document.querySelectorAll(".findings tbody tr"));
if(form){
var text=form.querySelector("input"),rule=form.querySelector("[name=rule]"),pack=form.querySelector("[name=package]"),out=form.querySelector("output"),buttons=[].slice.call(form.querySelectorAll("button"));
var haystacks=rows.map(function(row){return row.textContent.toLowerCase()});
apply=function(){
var words=text.value.toLowerCase().split(" ").filter(Boolean),on={},any=false;
buttons.forEach(function(b){if(b.getAttribute("aria-pressed")==="true"){on[b.value]=true;any=true}});
var shown=0;
rows.forEach(function(row,i){
var ok=(!any||on[row.dataset.severity])&&(!rule.value||row.dataset.rule===rule.value)&&(!pack.value||(" "+row.dataset.packages+" ").indexOf(" "+pack.value+" ")>=0)&&words.every(function(w){return haystacks[i].indexOf(w)>=0});
row.hidden=!ok;if(ok)shown++;
});
out.textContent=shown===rows.length?rows.length+" findings":shown+" of "+rows.length+" findings";
};
form.addEventListener("input",apply);
buttons.forEach(function(b){b.addEventListener("click",function(){b.setAttribute("aria-pressed",b.getAttribute("aria-pressed")==="true"?"false":"true");apply()})});
form.addEventListener("submit",function(e){e.preventDefault()});
document.addEventListener("keydown",function(e){
if(e.key==="/"&&!/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)&&!e.ctrlKey&&!e.metaKey&&!e.altKey){e.preventDefault();text.focus();text.scrollIntoView({block:"center"})}
if(e.key==="Escape"&&document.activeElement===text){text.value="";apply()}
});
apply();
document.addEventListener("click",function(e){
var link=e.target.closest?e.target.closest("[data-filter-package]"):null;
if(!link)return;
pack.value=link.dataset.filterPackage;buttons.forEach(function(b){b.setAttribute("aria-pressed","false")});rule.value="";text.value="";apply();
});
}
var reveal=function(){
var id;try{id=decodeURIComponent(location.hash.slice(1))}catch(_){return}
var target=id&&document.getElementById(id);if(!target)return;
if(target.hidden&&form){form.reset();form.querySelectorAll("button").forEach(function(b){b.setAttribute("aria-pressed","false")});apply()}
for(var at=target;at;at=at.parentElement)if(at.tagName==="DETAILS")at.open=true;
target.scrollIntoView();
};
window.addEventListener("hashchange",reveal);reveal();
var map=document.querySelector(".map");
if(map){
var links=[].slice.call(map.querySelectorAll(".l"));
var mark=function(i){map.classList.toggle("focus",i!==null);links.forEach(function(l){l.classList.toggle("on",i!==null&&(l.dataset.a===i||l.dataset.b===i))})};
[].slice.call(map.querySelectorAll(".p")).forEach(function(p){
p.addEventListener("mouseenter",function(){mark(p.dataset.i)});p.addEventListener("mouseleave",function(){mark(null)});
p.addEventListener("focus",function(){mark(p.dataset.i)});p.addEventListener("blur",function(){mark(null)});
});
}
var opened=[];
window.addEventListener("beforeprint",function(){opened=[].slice.call(document.querySelectorAll("details:not([open])"));if(opened.length<400)opened.forEach(function(d){d.open=true});else opened=[]});
window.addEventListener("afterprint",function(){opened.forEach(function(d){d.open=false})});
})();
`;
